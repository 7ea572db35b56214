-- gerado por make models; não edite
{{ desdobrada('bulk_income_by_bills', [['ordem_recebimentos', 'receipts'], ['ordem_movimentos_bancarios', 'bankMovements'], ['ordem', 'financialCategories']], '
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
