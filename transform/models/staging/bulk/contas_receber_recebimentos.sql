-- gerado por make models; não edite
{{ desdobrada('bulk_income_by_bills', [['ordem', 'receipts']], '
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
    valor_acrescimo additionAmount numeric
    valor_seguro insuranceAmount numeric
    valor_taxa_administrativa dueAdmAmount numeric
    data_calculo calculationDate date
    data_pagamento paymentDate date
    codigo_empresa_conta accountCompanyId bigint
    numero_conta_corrente accountNumber text
    tipo_conta accountType text
    numero_sequencial sequencialNumber bigint
    codigo_indexador indexerId bigint
    valor_juros_embutidos embeddedInterestAmount numeric
    valor_pro_rata proRata numeric
') }}
