-- gerado por make models; não edite
{{ preparada('cities', '
    codigo_municipio id bigint
    nome_municipio name text
    codigo_estado state.id bigint
    nome_estado state.name text
    uf state.code text
    extra _extra jsonb
') }}
