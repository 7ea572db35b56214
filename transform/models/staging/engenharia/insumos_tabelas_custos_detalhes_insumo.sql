-- gerado por make models; não edite
{{ desdobrada('cost_databases_resources', [['ordem', 'details']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_insumo id text
', '
    descricao_detalhe_insumo description text
    codigo_auxiliar_detalhe detailCode text
    descricao_produto_fiscal fiscalProduct.description text
    codigo_produto_fiscal fiscalProduct.id bigint
    codigo_detalhe_insumo id bigint
    situacao_detalhe status text
') }}
