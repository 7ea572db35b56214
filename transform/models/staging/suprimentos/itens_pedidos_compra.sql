-- gerado por make models; não edite
{{ preparada('purchase_orders_items', '
    numero_pedido_compra purchase_order_id bigint
    numero_item_pedido item_number bigint
    codigo_tabela_custos_unitarios building_cost_datebase_id bigint
    codigo_insumo resource_id bigint
    descricao_insumo resource_description text
    codigo_auxiliar_insumo resource_code text
    referencia_insumo resource_reference text
    codigo_detalhe_insumo detail_id bigint
    descricao_detalhe_insumo detail_description text
    codigo_marca_insumo trademark_id bigint
    descricao_marca_insumo trademark_description text
    unidade_medida unit_of_measure text
    quantidade quantity numeric
    preco_estimado estimated_price numeric
    preco_unitario unit_price numeric
    preco_liquido net_price numeric
    frete_unitario freight_unit_price numeric
    valor_desconto discount numeric
    percentual_desconto discount_percentage numeric
    percentual_acrescimo increase_percentage numeric
    aliquota_icms_percentual imcs_tax_percentage numeric
    aliquota_ipi_percentual ipi_tax_percentage numeric
    aliquota_iss_percentual iss_tax_percentage numeric
    observacoes_item notes text
    extra _extra jsonb
') }}
