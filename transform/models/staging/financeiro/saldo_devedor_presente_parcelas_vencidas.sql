-- gerado por make models; não edite
{{ desdobrada('current_debit_balance', [['ordem', 'due_installments']], '
    titulo_receber bill_receivable_id bigint
', '
    codigo_parcela installmentId bigint
    saldo_atual currentBalance numeric
    multa_juros_atraso_percentual latePaymentInterest numeric
    valor_corrigido adjustedValue numeric
    valor_acrescimos additionalValue numeric
    valor_original originalValue numeric
    valor_correcao_monetaria monetaryCorrectionValue numeric
    tipo_condicao conditionType text
    codigo_indexador indexerCode bigint
    nome_indexador indexerName text
    data_base_correcao baseDateOfCorrection date
    valor_indexador_data_base indexerValueBaseDate numeric
    valor_indexador_data_calculo indexerValueCalculationDate numeric
    numero_parcela installmentNumber text
') }}
