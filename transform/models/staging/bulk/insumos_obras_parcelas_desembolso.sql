-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'installments']], '
    key _key text
', '
    prazo_desembolso_dias disbursementDays bigint
    percentual_desembolso disbursementPercent numeric
') }}
