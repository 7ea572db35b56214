-- gerado por make models; não edite
{{ desdobrada('building_cost_estimations_resources', [['ordem', 'details']], '
    codigo_obra building_id bigint
    codigo_insumo id bigint
', '
    descricao_detalhe_insumo description text
    codigo_auxiliar_detalhe detailCode text
    descricao_produto_fiscal fiscalProduct.description text
    codigo_produto_fiscal fiscalProduct.id bigint
    codigo_detalhe_insumo id bigint
    situacao_detalhe status text
') }}
