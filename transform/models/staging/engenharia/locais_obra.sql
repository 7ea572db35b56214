-- gerado por make models; não edite
{{ preparada('sites', '
    codigo_obra building_id bigint
    codigo_local id bigint
    descricao_local description text
    extra _extra jsonb
') }}
