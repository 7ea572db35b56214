-- gerado por make models; não edite
{{ preparada('purchase_orders_supplier_evaluation_criteria', '
    numero_pedido_compra purchase_order_id bigint
    nota_minima range_min bigint
    nota_maxima range_max bigint
    extra _extra jsonb
') }}
