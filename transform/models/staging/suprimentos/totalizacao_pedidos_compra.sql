-- gerado por make models; não edite
{{ preparada('purchase_orders_totalization', '
    numero_pedido_compra purchase_order_id bigint
    valor_total_itens items_total_amount numeric
    valor_desconto discount_amount numeric
    valor_frete_itens freight_items_amount numeric
    codigo_transportadora transporter_id bigint
    descricao_condicao_pagamento payment_condition_description text
    extra _extra jsonb
') }}
