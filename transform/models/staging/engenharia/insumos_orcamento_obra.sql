-- gerado por make models; não edite
{{ preparada('building_cost_estimations_resources', '
    codigo_obra building_id bigint
    codigo_insumo id bigint
    descricao_insumo description text
    unidade_medida unit_of_measure text
    categoria_insumo category text
    codigo_auxiliar_insumo resource_code text
    codigo_barras barcode text
    extra _extra jsonb
') }}
