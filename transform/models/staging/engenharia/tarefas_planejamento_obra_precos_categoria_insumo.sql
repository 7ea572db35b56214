-- gerado por make models; não edite
{{ desdobrada('building_projects_sheets_tasks', [['ordem', 'prices_by_category']], '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_interno_tarefa id bigint
', '
    categoria_insumo category text
    preco_total_categoria totalPrice numeric
') }}
