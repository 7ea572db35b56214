-- gerado por make models; não edite
{{ preparada('stock_inventories_items', '
    codigo_centro_custo cost_center_id bigint
    codigo_item_estoque item_id bigint
    codigo_insumo resource_id bigint
    descricao_insumo resource_description text
    codigo_detalhe_insumo detail_id bigint
    descricao_detalhe_insumo detail_description text
    codigo_marca_insumo trademark_id bigint
    descricao_marca_insumo trademark_description text
    quantidade_estoque quantity numeric
    unidade_medida unit_of_measure text
    preco_medio average_price numeric
    extra _extra jsonb
') }}
