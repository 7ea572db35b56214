-- gerado por make models; não edite
{{ desdobrada('purchase_quotations', [['ordem_fornecedores_cotacao', 'suppliers'], ['ordem', 'latestNegotiation']], '
    numero_cotacao purchase_quotation_id bigint
', '
    numero_negociacao negotiationId bigint
    data_resposta_fornecedor responseDate date
    valor_desconto discount numeric
    valor_frete shippingCosts numeric
    valor_frete_itens itemsShipping numeric
    indicador_ipi_sobre_frete ipiShippingFlag text
    valor_ipi_sobre_frete ipiShippingCosts numeric
    valor_outras_despesas otherCosts numeric
    valor_total_itens totalItemsCosts numeric
    valor_total_negociado_itens totalItemsNegotiationCosts numeric
    negociacao_autorizada authorized boolean
    motivos_reprovacao disapprovalReason jsonb
') }}
