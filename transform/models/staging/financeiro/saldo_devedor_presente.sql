-- gerado por make models; não edite
{{ preparada('current_debit_balance', '
    codigo_cliente customer_id bigint
    titulo_receber bill_receivable_id bigint
    codigo_documento document_id text
    extra _extra jsonb
') }}
