-- gerado por make models; não edite
{{ desdobrada('supply_contracts_details', [['ordem', 'security_deposit']], '
    numero_contrato contract_number text
    codigo_documento document_id text
', '
    criterio_data_emissao_titulo billIssueDate text
    apropria_contas_itens_contrato considerContractItemPaymentCategories boolean
    codigo_documento_caucao documentId text
    data_vencimento_caucao dueDate date
    desconta_faturamento_direto_caucao hasDirectBillingDiscount boolean
    retem_impostos_titulos_caucao hasTaxWithhold boolean
    incidencia_caucao incidenceOver text
    codigo_indexador indexerId bigint
    codigo_plano_financeiro paymentCategoryId text
    saldo_caucao securityDepositBalance numeric
    percentual_caucao securityDepositPercentage numeric
') }}
