-- gerado por make models; não edite
{{ preparada('purchase_orders_items_purchase_requests', '
    numero_pedido_compra purchase_order_id bigint
    numero_item_pedido item_number bigint
    quantidade_atendida attended_quantity numeric
    codigo_categoria_suprimentos category_id bigint
    numero_solicitacao_compra purchase_request_id bigint
    numero_item_solicitacao purchase_request_item_id bigint
    extra _extra jsonb
') }}
