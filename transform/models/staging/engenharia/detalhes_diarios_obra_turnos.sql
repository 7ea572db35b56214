-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'shifts']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    turno description text
    hora_inicio_turno startTime text
    hora_termino_turno finishTime text
    condicao_tempo weatherCondition text
') }}
