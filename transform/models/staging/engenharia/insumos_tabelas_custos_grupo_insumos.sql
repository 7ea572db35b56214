-- gerado por make models; não edite
{{ desdobrada('cost_databases_resources', [['ordem', 'resource_group']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_insumo id text
', '
    codigo_grupo_insumos id text
    descricao_grupo_insumos description text
    referencia_grupo_insumos referenceId text
') }}
