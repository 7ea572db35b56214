-- gerado por make models; não edite
{{ desdobrada('bulk_purchase_quotations', [['ordem', 'purchase_quotation_suppliers']], '
    codigo_cotacao purchase_quotation_id bigint
', '
    codigo_fornecedor supplierId bigint
') }}
