-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'planned_tasks']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    codigo_tarefa_planejada_diario id bigint
    codigo_unidade_construtiva buildingUnitId bigint
    codigo_tarefa_planejamento taskId bigint
    observacoes_tarefa notes text
    quantidade_medida_tarefa quantity numeric
    unidade_medida unitOfMeasure text
    codigo_fornecedor_tarefa supplierId bigint
    codigo_local_tarefa siteId bigint
') }}
