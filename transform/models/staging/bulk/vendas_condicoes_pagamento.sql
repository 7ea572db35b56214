-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem', 'payment_conditions']], '
    codigo_contrato_venda id bigint
', '
    codigo_tipo_condicao conditionTypeId text
    nome_tipo_condicao conditionTypeName text
    codigo_portador bearerId bigint
    nome_portador bearerName text
    quantidade_parcelas installmentsNumber bigint
    valor_total_condicao totalValue numeric
    data_primeiro_vencimento firstPayment date
') }}
