-- gerado por make models; não edite
{{ preparada('building_cost_estimations_resource_units_of_movement', '
    codigo_obra building_id bigint
    codigo_unidade_movimentacao id bigint
    unidade_padrao is_default boolean
    fator_conversao conversion_factor numeric
    codigo_unidade_medida unit_of_measure_id bigint
    simbolo_unidade_medida unit_of_measure_symbol text
    descricao_unidade_medida unit_of_measure_description text
    codigo_insumo resource_id bigint
    descricao_insumo resource_description text
    extra _extra jsonb
') }}
