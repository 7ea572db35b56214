-- gerado por make models; não edite
{{ preparada('building_cost_estimations_sheets_items', '
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_orcamento id text
    referencia_item_planilha_edt wbs_code text
    codigo_servico work_item_id bigint
    descricao_item_orcamento description text
    unidade_medida unit_of_measure text
    quantidade quantity numeric
    preco_unitario unit_price numeric
    preco_total total_price numeric
    extra _extra jsonb
') }}
