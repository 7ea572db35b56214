-- gerado por make models; não edite
{{ desdobrada('stock_reservations_items', [['ordem', 'deliveries']], '
    numero_reserva reservation_id bigint
    codigo_item_reserva item_id bigint
', '
    data_entrega date date
    quantidade_entrega quantity numeric
    quantidade_entregue deliveredQuantity numeric
    entrega_cancelada cancelled boolean
') }}
