-- gerado por make models; não edite
{{ desdobrada('supply_contracts_measurements_items', [['ordem', 'building_appropriations']], '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    numero_medicao measurement_number bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_contrato item_id bigint
', '
    apropriacoes_obra_codigo_unidade_construtiva buildingUnitId bigint
    percentual_apropriado percentage numeric
    codigo_item_orcamento sheetItemId bigint
') }}
