-- gerado por make models; não edite
{{ desdobrada('bulk_customer_extract_history', [['ordem', 'receipts']], '
    numero_titulo_receber bill_receivable_id bigint
    codigo_parcela installment_id bigint
', '
    dias_atraso days bigint
    data_baixa date date
    valor_baixa value numeric
    valor_acrescimos extra numeric
    valor_descontos discount numeric
    valor_liquido_recebido netReceipt numeric
    tipo_baixa type text
') }}
