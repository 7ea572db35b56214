-- gerado por make models; não edite
{{ desdobrada('purchase_quotations', 'suppliers', [
    ['numero_cotacao', 'purchase_quotation_id', 'bigint'],
], [
    ['codigo_fornecedor', 'supplierId', 'bigint'],
    ['nome_fornecedor', 'supplierName', 'text'],
    ['ultima_negociacao', 'latestNegotiation', 'jsonb'],
]) }}
