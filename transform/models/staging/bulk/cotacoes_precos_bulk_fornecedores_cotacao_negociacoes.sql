-- gerado por make models; não edite
{{ desdobrada('bulk_purchase_quotations', [['ordem_fornecedores_cotacao', 'purchase_quotation_suppliers'], ['ordem', 'negotiations']], '
    codigo_cotacao purchase_quotation_id bigint
', '
    codigo_negociacao negotiationId bigint
    data_cadastro registeredDate date
    data_resposta responseDate date
    data_validade expirationDate date
    nome_vendedor sellersName text
    valor_total_negociacao totalValue numeric
    valor_desconto discount numeric
    valor_frete freight numeric
    valor_frete_itens itemsFreight numeric
') }}
