-- gerado por make models; não edite
{{ preparada('bills_budget_categories', '
    numero_titulo bill_id bigint
    codigo_centro_custo cost_center_id bigint
    codigo_plano_financeiro payment_categories_id text
    percentual_apropriado percentage numeric
    key _key text
    extra _extra jsonb
') }}
