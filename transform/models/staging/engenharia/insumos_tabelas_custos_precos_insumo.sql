-- gerado por make models; não edite
{{ desdobrada('cost_databases_resources', [['ordem', 'prices']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_insumo id text
', '
    codigo_preco id bigint
    descricao_preco description text
    preco_unitario unitPrice numeric
    data_preco date date
') }}
