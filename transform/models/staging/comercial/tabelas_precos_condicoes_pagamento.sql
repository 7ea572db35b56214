-- gerado por make models; não edite
{{ desdobrada('price_tables', [['ordem', 'payment_conditions']], '
    codigo_tabela_precos id bigint
', '
    ordem_condicao order bigint
    tipo_condicao_pagamento paymentConditionType text
    quantidade_parcelas installmentsNumber bigint
    serie series bigint
    tipo_juros interestType text
    percentual_periodo percentageByPeriod numeric
    percentual_valor_unidade unitValuePercentage numeric
    indexador indexer text
    data_base baseDate date
') }}
