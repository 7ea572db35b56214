-- gerado por make models; não edite
{{ desdobrada('building_cost_estimations_resources', [['ordem', 'trademarks']], '
    codigo_obra building_id bigint
    codigo_insumo id bigint
', '
    descricao_marca_insumo description text
    codigo_marca_insumo id bigint
') }}
