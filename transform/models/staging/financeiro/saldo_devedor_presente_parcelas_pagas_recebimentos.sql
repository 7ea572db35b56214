-- gerado por make models; não edite
{{ desdobrada('current_debit_balance', [['ordem_parcelas_pagas', 'paid_installments'], ['ordem', 'receipts']], '
    titulo_receber bill_receivable_id bigint
', '
    codigo_recebimento receiptId bigint
    data_recebimento receiptDate date
    valor_recebimento receiptValue numeric
    valor_correcao_monetaria monetaryCorrectionValue numeric
    data_calculo calculationDate date
    valor_indexador_data_calculo indexerValueCalculationDate numeric
') }}
