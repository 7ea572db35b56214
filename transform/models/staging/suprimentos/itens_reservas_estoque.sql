-- gerado por make models; não edite
{{ preparada('stock_reservations_items', '
    codigo_insumo resource_id bigint
    numero_reserva reservation_id bigint
    codigo_item_reserva item_id bigint
    insumo_codigo_insumo resource.id bigint
    descricao_insumo resource.description text
    codigo_detalhe_insumo resource.detail.id bigint
    descricao_detalhe_insumo resource.detail.description text
    codigo_marca_insumo resource.trademark.id bigint
    descricao_marca_insumo resource.trademark.description text
    codigo_insumo_destino destination_resource.id bigint
    descricao_insumo_destino destination_resource.description text
    quantidade_reservada quantity numeric
    unidade_medida unit_of_measure text
    observacoes_item notes text
    extra _extra jsonb
') }}
