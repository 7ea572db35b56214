-- gerado por make models; não edite
{{ preparada('purchase_requests_items', '
    numero_solicitacao_compra purchase_request_id bigint
    situacao_solicitacao_compra purchase_request_status text
    numero_item_solicitacao item_number bigint
    codigo_insumo product_id bigint
    descricao_insumo product_description text
    codigo_detalhe_insumo detail_id bigint
    descricao_detalhe_insumo detail_description text
    codigo_marca_insumo trademark_id bigint
    descricao_marca_insumo trademark_description text
    quantidade quantity numeric
    simbolo_unidade_medida unity_symbol text
    preco_estimado estimated_price numeric
    observacoes_item notes text
    item_autorizado authorized boolean
    item_reprovado disapproved boolean
    nivel_alcada competence_level bigint
    prazo_estimado_entrega estimated_delivery_time bigint
    codigo_motivo_reprovacao disapproval_reason bigint
    endereco_base_api tenant_url text
    extra _extra jsonb
') }}
