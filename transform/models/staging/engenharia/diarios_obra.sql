-- gerado por make models; não edite
{{ preparada('construction_daily_report', '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
    data_diario_obra date date
    codigo_responsavel responsible_id text
    extra _extra jsonb
') }}
