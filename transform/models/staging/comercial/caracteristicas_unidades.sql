-- gerado por make models; não edite
{{ preparada('units_characteristics', '
    codigo_caracteristica id bigint
    descricao_caracteristica description text
    extra _extra jsonb
') }}
