-- gerado por make models; não edite
{{ preparada('stock_inventories_items_building_appropriation', '
    codigo_centro_custo cost_center_id bigint
    codigo_insumo resource_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_orcamento sheet_item_id bigint
    referencia_item_orcamento cost_estimation_item_reference text
    quantidade_apropriada quantity numeric
    key _key text
    extra _extra jsonb
') }}
