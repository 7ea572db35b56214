-- gerado por make models; não edite
{{ preparada('building_projects_progress_logs', '
    codigo_obra building_id bigint
    numero_medicao measurement_number bigint
    data_medicao date date
    codigo_responsavel responsible_id text
    nome_responsavel responsible_name text
    medicao_consistente consistent boolean
    situacao_aprovacao status_approval text
    extra _extra jsonb
') }}
