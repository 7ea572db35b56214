-- gerado por make models; não edite
{{ preparada('construction_daily_report_types', '
    codigo_tipo id bigint
    descricao_tipo description text
    tipo_ativo is_active boolean
    natureza_tipo type text
    extra _extra jsonb
') }}
