-- gerado por make models; não edite
{{ preparada('building_cost_estimations_cost_estimate_resources', '
    codigo_obra building_id bigint
    codigo_insumo id bigint
    codigo_item_orcamento sheet_item_id bigint
    referencia_item_planilha_edt sheet_item_wbs_code text
    codigo_auxiliar_insumo resource_code text
    descricao_insumo description text
    unidade_medida unit_of_measure text
    quantidade quantity numeric
    preco_unitario unit_price numeric
    preco_total total_price numeric
    data_preco price_date date
    codigo_detalhe_insumo detail_id bigint
    descricao_detalhe_insumo detail_description text
    codigo_marca_insumo trademark_id bigint
    descricao_marca_insumo trademark_description text
    codigo_unidade_construtiva building_unit_id bigint
    key _key text
    extra _extra jsonb
') }}
