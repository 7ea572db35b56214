-- gerado por make models; não edite
{{ desdobrada('bulk_building_cost_estimation_items', [['ordem_tarefas_planejamento', 'tasks'], ['ordem', 'Disbursments']], '
    key _key text
', '
    ano_desembolso year bigint
    mes_desembolso month bigint
    valor_desembolso value numeric
') }}
