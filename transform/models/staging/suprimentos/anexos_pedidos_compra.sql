-- gerado por make models; não edite
{{ preparada('purchase_orders_attachments', '
    numero_pedido_compra purchase_order_id bigint
    numero_anexo attachment_number bigint
    nome_anexo name text
    descricao_anexo description text
    extra _extra jsonb
') }}
