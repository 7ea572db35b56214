-- gerado por make models; não edite
{{ desdobrada('purchase_orders_supplier_evaluation_criteria', [['ordem', 'remainder_list']], '
    numero_pedido_compra purchase_order_id bigint
', '
    codigo_criterio_restante id bigint
    descricao_criterio_restante description text
    peso_criterio weight bigint
') }}
