-- gerado por make models; não edite
{{ preparada('purchase_invoices_deliveries_attended', '
    numero_pedido_compra purchase_order_id bigint
    numero_item_pedido_compra purchase_order_item_number bigint
    numero_entrega_item_pedido delivery_item_purchase_order_number bigint
    numero_atendimento_item_pedido purchase_order_item_attended_number bigint
    numero_sequencial_nota_fiscal sequential_number bigint
    numero_item_nota_fiscal invoice_item_number bigint
    data_entrega delivery_date date
    quantidade_entregue quantity_delivery numeric
    extra _extra jsonb
') }}
