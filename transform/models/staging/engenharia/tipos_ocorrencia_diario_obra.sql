-- gerado por make models; não edite
{{ preparada('construction_daily_report_event_type', '
    codigo_tipo_ocorrencia id bigint
    descricao_tipo_ocorrencia description text
    tipo_ocorrencia_ativo is_active boolean
    extra _extra jsonb
') }}
