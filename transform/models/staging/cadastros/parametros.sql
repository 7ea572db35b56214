-- gerado por make models; não edite
{{ preparada('parameters', '
    codigo_parametro id bigint
    valor_parametro value text
    extra _extra jsonb
') }}
