-- gerado por make models; não edite
{{ preparada('bills_buildings_cost', '
    numero_titulo bill_id bigint
    codigo_obra building_id bigint
    nome_obra building_name text
    codigo_unidade_construtiva building_unit_id bigint
    nome_unidade_construtiva building_unit_name text
    codigo_item_orcamento cost_estimation_sheet_id bigint
    nome_item_orcamento cost_estimation_sheet_name text
    percentual_apropriado percentage numeric
    key _key text
    extra _extra jsonb
') }}
