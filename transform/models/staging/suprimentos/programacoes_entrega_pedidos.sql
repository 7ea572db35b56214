-- gerado por make models; não edite
{{ preparada('purchase_orders_items_delivery_schedules', '
    numero_pedido_compra purchase_order_id bigint
    numero_item_pedido item_number bigint
    numero_programacao_entrega delivery_schedule_number bigint
    data_programada sheduled_date date
    quantidade_programada sheduled_quantity numeric
    quantidade_entregue delivered_quantity numeric
    saldo_entregar open_quantity numeric
    extra _extra jsonb
') }}
