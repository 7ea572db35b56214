-- gerado por make models; não edite
{{ desdobrada('bulk_purchase_quotations', [['ordem', 'purchase_quotation_items']], '
    codigo_cotacao purchase_quotation_id bigint
', '
    codigo_item_cotacao purchaseQuotationItemId bigint
    codigo_obra buildingId bigint
    codigo_insumo productId bigint
    descricao_insumo productDescription text
    codigo_detalhe_insumo detailId bigint
    descricao_detalhe_insumo detailDescription text
    codigo_marca trademarkId bigint
    descricao_marca trademarkDescription text
    quantidade quantity numeric
    simbolo_unidade_medida unitySimbol text
    observacoes_item notes text
') }}
