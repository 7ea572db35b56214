-- gerado por make models; não edite
{{ desdobrada('commissions_details', [['ordem', 'brokers']], '
    codigo_comissao id bigint
', '
    codigo_obra buildingId bigint
    codigo_unidade_construtiva constructUnitId bigint
    codigo_departamento departmentId bigint
    codigo_item_orcamento resourceItem bigint
    nivel_apropriacao_obra buildingAppropriationLevel bigint
    codigo_chave_obra buildingIdKey bigint
    nome_obra buildingName text
    nome_unidade_construtiva constructUnitName text
    nome_departamento departmentName text
    nome_item_orcamento resourceItemName text
    referencia_item_orcamento resourceItemReference text
    codigo_corretor id bigint
    codigo_corretor_faturamento billingBrokerId bigint
    nome_corretor_faturamento billingBrokerName text
    titulo_corretor_pago billWasPaid boolean
    numero_titulo_pagar billId bigint
    nome_corretor name text
    participacao_valor_base_percentual percentage numeric
    valor_total_comissao_corretor value numeric
    data_primeiro_vencimento firstPayment date
    quantidade_parcelas installmentNumbers bigint
    codigo_indexador indexerId bigint
    data_base_indexador baseDate date
    numero_documento documentNumber text
    codigo_documento documentId text
') }}
