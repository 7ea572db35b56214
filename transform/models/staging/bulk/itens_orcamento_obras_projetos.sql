-- gerado por make models; não edite
{{ desdobrada('bulk_building_cost_estimation_items', [['ordem', 'projects']], '
    key _key text
', '
    codigo_projeto id bigint
    nome_projeto name text
') }}
