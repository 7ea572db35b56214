-- gerado por make models; não edite
{{ preparada('civil_status', '
    codigo_estado_civil id bigint
    descricao_estado_civil description text
    extra _extra jsonb
') }}
