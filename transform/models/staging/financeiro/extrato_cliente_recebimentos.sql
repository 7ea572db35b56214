-- gerado por make models; não edite
{{ desdobrada('customer_financial_statements', [['ordem', 'receipts']], '
    titulo_receber bill_receivable_id bigint
    codigo_parcela installment_id bigint
', '
    data_calculo calculationDate date
    data_recebimento receiptDate date
    valor_recebimento receiptValue numeric
    valor_juros interestValue numeric
    valor_acrescimos additionalValue numeric
    valor_desconto discountValue numeric
    taxa_administrativa administrativeFee numeric
    valor_liquido_recebimento netReceiptValue numeric
    tipo_recebimento receiptType text
    valor_seguro insuranceAmount numeric
    valor_seguro_mip mipInsuranceAmount numeric
    valor_seguro_fixo fixedInsuranceAmount numeric
    numero_conta_corrente accountNumber text
') }}
