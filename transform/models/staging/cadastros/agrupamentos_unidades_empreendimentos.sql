-- gerado por make models; não edite
{{ preparada('enterprises_groupings', '
    codigo_empreendimento enterprise_id bigint
    descricao_agrupamento unit_grouping_description text
    codigo_agrupamento unit_grouping_id bigint
    numero_ordem order_number bigint
    extra _extra jsonb
') }}
