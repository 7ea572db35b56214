-- gerado por make models; não edite
{{ desdobrada('bulk_building_cost_estimation_items', [['ordem', 'tasks']], '
    key _key text
', '
    codigo_tarefa id bigint
    codigo_visivel_tarefa presentationId bigint
    descricao_tarefa description text
    percentual_item_tarefa percentage numeric
    valor_tarefa value numeric
    valor_desembolsos_nao_vinculados_periodo remainingDisbursments numeric
') }}
