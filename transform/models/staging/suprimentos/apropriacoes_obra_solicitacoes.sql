-- gerado por make models; não edite
{{ preparada('purchase_requests_items_buildings_appropriations', '
    numero_solicitacao_compra purchase_request_id bigint
    numero_item_solicitacao purchase_request_item_number bigint
    codigo_unidade_construtiva building_unit_id bigint
    referencia_item_orcamento cost_estimation_item_reference text
    percentual_apropriado percentage numeric
    key _key text
    extra _extra jsonb
') }}
