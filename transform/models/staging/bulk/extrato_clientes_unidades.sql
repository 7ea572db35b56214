-- gerado por make models; não edite
{{ desdobrada('bulk_customer_extract_history', [['ordem', 'units']], '
    numero_titulo_receber bill_receivable_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_unidade id bigint
    nome_unidade name text
') }}
