-- gerado por make models; não edite
{{ desdobrada('supply_contracts_items', [['ordem', 'building_appropriations']], '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_contrato id bigint
', '
    apropriacoes_obra_codigo_unidade_construtiva buildingUnitId bigint
    quantidade_medida_apropriada measuredQuantity numeric
    percentual_apropriado percentage numeric
    quantidade_apropriada quantity numeric
    codigo_item_orcamento sheetItemId bigint
    referencia_item_orcamento_edt wbsCode text
') }}
