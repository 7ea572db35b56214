-- gerado por make models; não edite
{{ desdobrada('accounts_statements', [['ordem', 'budget_categories']], '
    codigo_movimentacao id bigint
', '
    percentual_apropriado percentage numeric
    codigo_centro_custo costCenterId bigint
    codigo_plano_financeiro paymentCategoriesId bigint
') }}
