-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem', 'payments']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_tipo_baixa operationTypeId bigint
    nome_tipo_baixa operationTypeName text
    valor_bruto grossAmount numeric
    valor_correcao_monetaria monetaryCorrectionAmount numeric
    valor_juros interestAmount numeric
    valor_multa fineAmount numeric
    valor_desconto discountAmount numeric
    valor_imposto taxAmount numeric
    valor_liquido netAmount numeric
    data_calculo calculationDate date
    data_pagamento paymentDate date
    numero_sequencial sequencialNumber bigint
    valor_liquido_corrigido correctedNetAmount numeric
    autenticacao_bancaria paymentAuthentication text
') }}
