-- gerado por make models; não edite
{{ preparada('building_projects_progress_logs_items', '
    codigo_obra building_id bigint
    numero_medicao measurement_number bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_interno_tarefa task_id bigint
    codigo_visivel_tarefa presentation_id bigint
    item_agrupador summary boolean
    descricao_tarefa description text
    unidade_medida unit_of_measurement text
    quantidade_planejada planned_quantity numeric
    quantidade_medida_medicao measured_quantity numeric
    preco_unitario unit_price numeric
    quantidade_medida_acumulada cumulative_measured_quantity numeric
    percentual_medido_acumulado cumulative_percentage numeric
    quantidade_medir measure_balance numeric
    extra _extra jsonb
') }}
