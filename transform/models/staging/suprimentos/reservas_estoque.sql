-- gerado por make models; não edite
{{ preparada('stock_reservations', '
    codigo_tipo_movimento movement_type_id bigint
    codigo_centro_custo_destino destination_cost_center_id bigint
    codigo_centro_custo_origem source_cost_center_id bigint
    numero_reserva id bigint
    codigo_responsavel responsible.id bigint
    nome_responsavel responsible.name text
    data_reserva reservation_date date
    codigo_tipo_movimentacao movement_type.id bigint
    descricao_tipo_movimentacao movement_type.description text
    centro_custo_origem_codigo_centro_custo_origem source_cost_center.id bigint
    descricao_centro_custo_origem source_cost_center.description text
    centro_custo_destino_codigo_centro_custo_destino destination_cost_center.id bigint
    descricao_centro_custo_destino destination_cost_center.description text
    situacao_reserva status text
    observacoes_reserva notes text
    usuario_cadastro created_by text
    data_hora_cadastro created_at timestamp
    usuario_ultima_alteracao modified_by text
    data_hora_ultima_alteracao modified_at timestamp
    extra _extra jsonb
') }}
