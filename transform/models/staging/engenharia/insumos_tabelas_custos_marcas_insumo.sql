-- gerado por make models; não edite
{{ desdobrada('cost_databases_resources', [['ordem', 'trademarks']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_insumo id text
', '
    descricao_marca_insumo description text
    codigo_marca_insumo id bigint
') }}
