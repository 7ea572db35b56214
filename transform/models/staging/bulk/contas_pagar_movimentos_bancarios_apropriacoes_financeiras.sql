-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem_pagamentos', 'payments'], ['ordem_movimentos_bancarios', 'bankMovements'], ['ordem', 'paymentCategories']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_centro_custo costCenterId bigint
    codigo_plano_financeiro financialCategoryId text
    nome_plano_financeiro financialCategoryName text
    indicador_conta_redutora financialCategoryReducer text
    tipo_conta_plano_financeiro financialCategoryType text
    percentual_apropriado financialCategoryRate numeric
    codigo_movimento_bancario bankMovementId bigint
') }}
