-- gerado por make models; não edite
{{ desdobrada('purchase_orders_totalization', [['ordem', 'installments_payment_condition']], '
    numero_pedido_compra purchase_order_id bigint
', '
    numero_parcela installmentId bigint
    prazo_parcela_dias numberOfdays bigint
    percentual_parcela percentage numeric
') }}
