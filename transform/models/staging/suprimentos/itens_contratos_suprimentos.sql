-- gerado por make models; não edite
{{ preparada('supply_contracts_items', '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    complemento_item additional_information text
    codigo_auxiliar_item auxiliary_code text
    descricao_item_contrato description text
    descricao_detalhe_insumo detail_description text
    codigo_detalhe_insumo detail_id bigint
    item_aditivo has_addendum boolean
    codigo_item_contrato id bigint
    preco_unitario_mao_obra labor_price numeric
    nivel_hierarquico level bigint
    preco_unitario_material material_price numeric
    quantidade_contratada quantity numeric
    codigo_insumo resource_id bigint
    descricao_marca_insumo trademark_description text
    codigo_marca_insumo trademark_id bigint
    simbolo_unidade_medida unit_of_measure text
    referencia_item_planilha_edt wbs_code text
    codigo_servico work_item_id bigint
    extra _extra jsonb
') }}
