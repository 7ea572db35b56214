-- gerado por make models; não edite
{{ desdobrada('bulk_purchase_quotations', [['ordem_fornecedores_cotacao', 'purchase_quotation_suppliers'], ['ordem_negociacoes', 'negotiations'], ['ordem', 'negotiationItems']], '
    codigo_cotacao purchase_quotation_id bigint
', '
    codigo_item_cotacao purchaseQuotationItemId bigint
    codigo_insumo productId bigint
    descricao_insumo productDescription text
    codigo_detalhe_insumo detailId bigint
    descricao_detalhe_insumo detailDescription text
    codigo_marca trademarkId bigint
    descricao_marca trademarkDescription text
    quantidade_cotada quotedQuantity numeric
    quantidade_negociada negotiatedQuantity numeric
    preco_unitario unitPrice numeric
    valor_desconto_item discount numeric
    percentual_desconto discountPercentage numeric
    percentual_acrescimo increasePercentage numeric
    aliquota_ipi_percentual ipiTaxPercentage numeric
    aliquota_iss_percentual issTaxPercentage numeric
    aliquota_icms_percentual icmsTaxPercentage numeric
    preco_unitario_frete freightUnitPrice numeric
    referencia reference text
    opcao_selecionada selectedOption boolean
') }}
