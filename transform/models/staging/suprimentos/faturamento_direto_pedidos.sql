-- gerado por make models; não edite
{{ preparada('purchase_orders_direct_billing', '
    numero_pedido_compra purchase_order_id bigint
    codigo_fornecedor supplier_id bigint
    codigo_obra building_id bigint
    valor_vinculado amount_linked numeric
    codigo_documento document_id text
    numero_contrato contract_number text
    data_faturamento billing_date text
    codigo_responsavel responsible_id text
    observacoes observation text
    extra _extra jsonb
') }}
