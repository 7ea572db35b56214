-- gerado por make models; não edite
{{ preparada('building_projects_calendar', '
    codigo_obra building_id bigint
    data_inicio_projeto project_start_date date
    data_termino_projeto project_finish_date date
    considera_feriados_folgas_cadastro_geral consider_holidays_and_days_off_in_general_register boolean
    considera_sabado_dia_util consider_saturdays_as_working_day boolean
    considera_domingo_dia_util consider_sundays_as_working_day boolean
    extra _extra jsonb
') }}
