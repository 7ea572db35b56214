-- gerado por make models; não edite
{{ desdobrada('building_projects_progress_logs_details', [['ordem', 'building_units']], '
    codigo_obra building_id bigint
    numero_medicao measurement_number bigint
', '
    codigo_unidade_construtiva id bigint
    descricao_unidade_construtiva description text
') }}
