-- gerado por make models; não edite
{{ desdobrada('purchase_orders_supplier_evaluation_criteria', [['ordem', 'default_list']], '
    numero_pedido_compra purchase_order_id bigint
', '
    codigo_criterio_padrao id bigint
    descricao_criterio_padrao description text
    peso_criterio weight bigint
') }}
