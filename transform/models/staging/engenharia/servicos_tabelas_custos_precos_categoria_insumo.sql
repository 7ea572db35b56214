-- gerado por make models; não edite
{{ desdobrada('cost_databases_work_items', [['ordem', 'prices_by_category']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_servico id bigint
', '
    categoria_insumo category text
    preco_unitario_categoria unitPrice numeric
') }}
