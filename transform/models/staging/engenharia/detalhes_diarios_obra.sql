-- gerado por make models; não edite
{{ preparada('construction_daily_report_details', '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
    data_diario_obra date date
    codigo_responsavel responsible_id text
    indice_pluviometrico rainfall_index numeric
    dia_semana week_day text
    observacoes_diario_obra notes text
    usuario_cadastro created_by text
    data_hora_cadastro created_at timestamp
    usuario_ultima_alteracao modified_by text
    data_hora_ultima_alteracao modified_at timestamp
    extra _extra jsonb
') }}
