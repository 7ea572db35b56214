-- gerado por make models; não edite
{{ preparada('building_projects_calendar_days_off', '
    codigo_obra building_id bigint
    data_folga date date
    descricao_folga description text
    key _key text
    extra _extra jsonb
') }}
