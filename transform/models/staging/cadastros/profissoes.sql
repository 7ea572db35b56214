-- gerado por make models; não edite
{{ preparada('professions', '
    codigo_profissao id bigint
    nome_profissao name text
    extra _extra jsonb
') }}
