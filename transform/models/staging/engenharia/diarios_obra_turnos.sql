-- gerado por make models; não edite
{{ desdobrada('construction_daily_report', [['ordem', 'shifts']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    turno description text
') }}
