-- gerado por make models; não edite
{{ preparada('bulk_building_cost_estimation_items', '
    codigo_obra building_id bigint
    nome_obra building_name text
    situacao_obra building_status text
    numero_versao_orcamento version_number bigint
    codigo_unidade_construtiva building_unit_id bigint
    nome_unidade_construtiva building_unit_name text
    codigo_item_orcamento id bigint
    referencia_item_orcamento_edt wbs_code text
    codigo_servico work_item_id bigint
    descricao_item_orcamento description text
    unidade_medida unit_of_measure text
    quantidade_orcada quantity numeric
    preco_unitario unit_price numeric
    preco_total total_price numeric
    preco_total_base base_total_price numeric
    percentual_previsto_execucao scheduled_percent_complete numeric
    percentual_medido percent_complete numeric
    quantidade_medida measured_quantity numeric
    key _key text
    extra _extra jsonb
') }}
