-- gerado por make models; não edite
{{ desdobrada('bulk_income_by_bills', [['ordem', 'receipts_categories']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_tipo_negocio businessTypeId bigint
    nome_tipo_negocio businessTypeName text
    codigo_area_negocio businessAreaId bigint
    nome_area_negocio businessAreaName text
    codigo_centro_custo costCenterId bigint
    nome_centro_custo costCenterName text
    codigo_plano_financeiro financialCategoryId text
    nome_plano_financeiro financialCategoryName text
    indicador_conta_redutora financialCategoryReducer text
    tipo_conta_plano_financeiro financialCategoryType text
    percentual_apropriado financialCategoryRate numeric
    codigo_projeto projectId bigint
    nome_projeto projectName text
') }}
