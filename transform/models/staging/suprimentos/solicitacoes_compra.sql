-- gerado por make models; não edite
{{ preparada('purchase_requests', '
    numero_solicitacao_compra id bigint
    codigo_obra building_id bigint
    codigo_departamento departament_id bigint
    usuario_solicitante requester_user text
    data_solicitacao request_date date
    observacoes_solicitacao notes text
    codigo_categoria_suprimentos category_id bigint
    situacao_solicitacao status text
    consistencia_solicitacao consitent text
    usuario_cadastro created_by text
    data_hora_cadastro created_at timestamp
    usuario_ultima_alteracao modified_by text
    data_hora_ultima_alteracao modified_at timestamp
    processo_compra_realizado_obra purchase_process_carried_out_by_building_flag boolean
    solicitacao_rascunho draft boolean
    extra _extra jsonb
') }}
