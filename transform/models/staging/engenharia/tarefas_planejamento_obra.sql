-- gerado por make models; não edite
{{ preparada('building_projects_sheets_tasks', '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_interno_tarefa id bigint
    codigo_visivel_tarefa presentation_id bigint
    descricao_tarefa description text
    nivel_hierarquico_tarefa level bigint
    data_inicio_tarefa start_date date
    data_termino_tarefa finish_date date
    duracao_tarefa_dias_uteis duration numeric
    tarefa_agrupadora summary boolean
    local_tarefa location text
    unidade_medida unit_of_measure text
    quantidade_tarefa quantity numeric
    preco_total_tarefa total_price numeric
    extra _extra jsonb
') }}
