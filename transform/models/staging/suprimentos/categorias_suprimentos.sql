-- gerado por make models; não edite
{{ preparada('supply_categories', '
    codigo_categoria_suprimentos id bigint
    descricao_categoria_suprimentos description text
    situacao_categoria status text
    extra _extra jsonb
') }}
