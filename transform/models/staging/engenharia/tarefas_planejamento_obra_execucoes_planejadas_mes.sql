-- gerado por make models; não edite
{{ desdobrada('building_projects_sheets_tasks', [['ordem', 'planned_executions']], '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_interno_tarefa id bigint
', '
    ano_execucao year bigint
    mes_execucao month bigint
    duracao_planejada_dias_uteis duration numeric
    percentual_planejado plannedPercentage numeric
') }}
