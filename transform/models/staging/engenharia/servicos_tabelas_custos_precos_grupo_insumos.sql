-- gerado por make models; não edite
{{ desdobrada('cost_databases_work_items', [['ordem', 'prices_by_resource_group']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_servico id bigint
', '
    referencia_grupo_insumos referenceId text
    descricao_grupo_insumos description text
    preco_unitario_grupo unitPrice numeric
    data_preco date date
') }}
