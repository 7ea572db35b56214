-- gerado por make models; não edite
{{ desdobrada('purchase_invoices', [['ordem', 'freight_knowledge']], '
    numero_sequencial_nota_fiscal sequential_number bigint
', '
    numero_titulo_frete billId bigint
    codigo_documento_frete documentId text
    numero_documento_frete documentNumber bigint
    valor_conhecimento_frete knowledgeAmount numeric
    saldo_ratear apportionmentBalance numeric
    valor_rateado apportionmentValue numeric
    indicador_apropriacao_frete appropriationFlag text
    indicador_faturamento_direto directBillingFlag text
    codigo_transportadora transporterId bigint
    nome_transportadora transporterName text
    rateio_frete_nota_fiscal_percentual percentageFreightPurchaseInvoice numeric
') }}
