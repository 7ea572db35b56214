-- gerado por make models; não edite
{{ preparada('supply_contracts_measurements_items', '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    numero_medicao measurement_number bigint
    observacao_item_medicao additional_measurement_item_information text
    codigo_unidade_construtiva building_unit_id bigint
    quantidade_medida_acumulada_anterior cumulative_measured_quantity numeric
    codigo_item_contrato item_id bigint
    preco_unitario_mao_obra labor_price numeric
    preco_unitario_material material_price numeric
    valor_medido_mao_obra measured_labor_value numeric
    valor_medido_material measured_material_value numeric
    percentual_medido measured_percentage numeric
    quantidade_medida_medicao measured_quantity numeric
    indicador_pre_medicao pre_measurement text
    quantidade_contratada quantity numeric
    extra _extra jsonb
') }}
