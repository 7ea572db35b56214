-- gerado por make models; não edite
{{ desdobrada('bulk_building_cost_estimation_items', [['ordem', 'prices_by_category']], '
    key _key text
', '
    preco_total_base baseTotalPrice numeric
    tipo_insumo category text
    preco_total totalPrice numeric
    preco_unitario unitPrice numeric
') }}
