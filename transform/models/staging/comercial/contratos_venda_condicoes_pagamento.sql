-- gerado por make models; não edite
{{ desdobrada('sales_contracts', [['ordem', 'payment_conditions']], '
    codigo_contrato_venda id bigint
', '
    nome_portador bearerName text
    nome_indexador indexerName text
    codigo_tipo_condicao conditionTypeId text
    nome_tipo_condicao conditionTypeName text
    tipo_juros interestType text
    indicador_vencimentos_coincidentes matchMaturities text
    quantidade_parcelas installmentsNumber bigint
    quantidade_parcelas_aberto openInstallmentsNumber bigint
    codigo_portador bearerId bigint
    codigo_indexador indexerId bigint
    meses_carencia monthsGracePeriod bigint
    data_primeiro_vencimento firstPayment date
    data_base baseDate date
    data_base_juros baseDateInterest date
    valor_total_condicao totalValue numeric
    saldo_aberto outstandingBalance numeric
    percentual_juros interestPercentage numeric
    valor_total_juros totalValueInterest numeric
    valor_pago amountPaid numeric
    sequencia_condicao sequenceId bigint
    numero_ordem_condicao orderNumber bigint
    numero_ordem_reparcelamento orderNumberRemadeInstallments bigint
    indicador_condicao_paga_antes_aditivo_contrato paidBeforeContractAdditive boolean
') }}
