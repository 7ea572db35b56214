-- gerado por make models; não edite
{{ preparada('resource_groups', '
    codigo_grupo_insumos id bigint
    descricao_grupo_insumos description text
    extra _extra jsonb
') }}
