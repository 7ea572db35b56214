-- gerado por make models; não edite
{{ preparada('work_item_groups', '
    referencia_grupo_servicos reference_id text
    nivel_hierarquico level bigint
    descricao_grupo_servicos description text
    codigo_grupo_servicos work_item_group_code text
    codigo_tipo_obra building_type_id bigint
    key _key text
    extra _extra jsonb
') }}
