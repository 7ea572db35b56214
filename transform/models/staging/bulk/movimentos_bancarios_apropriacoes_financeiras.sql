-- gerado por make models; não edite
{{ desdobrada('bulk_bank_movement', [['ordem', 'financial_categories']], '
    key _key text
', '
    codigo_empresa_conta_corrente companyId bigint
    nome_empresa_conta_corrente companyName text
    codigo_centro_custo costCenterId bigint
    nome_centro_custo costCenterName text
    codigo_plano_financeiro financialCategoryId text
    nome_plano_financeiro financialCategoryName text
    indicador_conta_redutora financialCategoryReducer text
    tipo_conta_plano_financeiro financialCategoryType text
    percentual_apropriado financialCategoryRate numeric
    codigo_area_negocio businessAreaId bigint
    nome_area_negocio businessAreaName text
    codigo_projeto projectId bigint
    nome_projeto projectName text
    codigo_tipo_negocio businessTypeId bigint
    nome_tipo_negocio businessTypeName text
    codigo_grupo_empresas groupCompanyId bigint
    nome_grupo_empresas groupCompanyName text
    codigo_holding holdingId bigint
    nome_holding holdingName text
    codigo_subsidiaria subsidiaryId bigint
    nome_subsidiaria subsidiaryName text
') }}
