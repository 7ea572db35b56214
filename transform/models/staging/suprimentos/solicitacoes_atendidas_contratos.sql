-- gerado por make models; não edite
{{ preparada('supply_contracts_items_purchase_requests', '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    numero_item_contrato item_number bigint
    quantidade_atendida attended_quantity numeric
    codigo_categoria_suprimentos category_id bigint
    numero_solicitacao_compra purchase_request_id bigint
    numero_item_solicitacao purchase_request_item_id bigint
    extra _extra jsonb
') }}
