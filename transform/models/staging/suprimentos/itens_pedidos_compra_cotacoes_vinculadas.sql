-- gerado por make models; não edite
{{ desdobrada('purchase_orders_items', [['ordem', 'purchase_quotations']], '
    numero_pedido_compra purchase_order_id bigint
    numero_item_pedido item_number bigint
', '
    numero_cotacao purchaseQuotationId bigint
    numero_item_cotacao purchaseQuotationItemId bigint
') }}
