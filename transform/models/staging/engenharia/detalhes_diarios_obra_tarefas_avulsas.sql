-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'detached_tasks']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    codigo_tarefa_avulsa id bigint
    descricao_tarefa_avulsa description text
    observacoes_tarefa notes text
    quantidade_medida_tarefa quantity numeric
    unidade_medida unitOfMeasure text
    codigo_local_tarefa siteId bigint
') }}
