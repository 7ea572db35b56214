-- gerado por make models; não edite
{{ desdobrada('building_cost_estimations_sheets_items', [['ordem', 'prices_by_category']], '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_orcamento id text
', '
    preco_total_base_categoria baseTotalPrice numeric
    categoria_insumo category text
    preco_total_categoria totalPrice numeric
    preco_unitario_categoria unitPrice numeric
') }}
