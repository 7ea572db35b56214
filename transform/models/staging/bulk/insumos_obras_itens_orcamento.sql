-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'building_cost_estimation_items']], '
    key _key text
', '
    codigo_unidade_construtiva buildingUnitId bigint
    nome_unidade_construtiva buildingUnitName text
    referencia_item_orcamento_edt wbsCode text
    descricao_item_orcamento description text
    codigo_item_orcamento sheetItemId bigint
    preco_total totalPrice numeric
    quantidade_orcada quantity numeric
') }}
