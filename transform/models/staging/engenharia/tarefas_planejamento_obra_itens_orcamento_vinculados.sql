-- gerado por make models; não edite
{{ desdobrada('building_projects_sheets_tasks', [['ordem', 'cost_items']], '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_interno_tarefa id bigint
', '
    codigo_item_orcamento sheetItemId text
    percentual_apropriacao costRatio numeric
') }}
