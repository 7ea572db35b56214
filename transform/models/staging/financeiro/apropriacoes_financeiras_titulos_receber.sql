-- gerado por make models; não edite
{{ preparada('receivable_bills_budget_categories', '
    titulo_receber receivable_bill_id bigint
    codigo_centro_custo cost_center_id bigint
    codigo_plano_financeiro payment_categories_id text
    percentual_apropriado percentage numeric
    key _key text
    extra _extra jsonb
') }}
