-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'events']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    codigo_ocorrencia id bigint
    descricao_ocorrencia description text
    codigo_tipo_ocorrencia eventTypeId bigint
    descricao_tipo_ocorrencia eventTypeDescription text
') }}
