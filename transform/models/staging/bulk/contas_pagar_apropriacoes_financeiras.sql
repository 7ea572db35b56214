-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem', 'payments_categories']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_centro_custo costCenterId bigint
    nome_centro_custo costCenterName text
    codigo_projeto projectId bigint
    nome_projeto projectName text
    codigo_plano_financeiro financialCategoryId text
    nome_plano_financeiro financialCategoryName text
    indicador_conta_redutora financialCategoryReducer text
    tipo_conta_plano_financeiro financialCategoryType text
    percentual_apropriado financialCategoryRate numeric
') }}
