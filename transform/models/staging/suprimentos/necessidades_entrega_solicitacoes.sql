-- gerado por make models; não edite
{{ preparada('purchase_requests_items_delivery_requirements', '
    numero_solicitacao_compra purchase_request_id bigint
    numero_item_solicitacao purchase_request_item_number bigint
    numero_necessidade_entrega delivery_requirement_number bigint
    data_necessidade requirement_date date
    quantidade_necessaria requirement_quantity numeric
    quantidade_atendida attended_quantity numeric
    saldo_aberto open_quantity boolean
    extra _extra jsonb
') }}
