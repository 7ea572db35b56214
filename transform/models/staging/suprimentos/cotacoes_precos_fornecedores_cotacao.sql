-- gerado por make models; não edite
{{ desdobrada('purchase_quotations', [['ordem', 'suppliers']], '
    numero_cotacao purchase_quotation_id bigint
', '
    codigo_fornecedor supplierId bigint
    nome_fornecedor supplierName text
') }}
