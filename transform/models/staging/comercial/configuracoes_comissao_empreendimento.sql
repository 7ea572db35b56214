-- gerado por make models; não edite
{{ preparada('commissions_configurations_enterprises', '
    codigo_obra building_id bigint
    codigo_unidade_construtiva construct_unit_id bigint
    codigo_departamento department_id bigint
    codigo_item_orcamento resource_item bigint
    codigo_configuracao configuration_id bigint
    codigo_empreendimento enterprise_id bigint
    codigo_indexador indexer_id bigint
    ajuste_permitido_liberacao_percentual release_percentage_adjustment numeric
    limite_comissao_contrato_percentual limit_percentage numeric
    cancela_comissoes_cancelar_contrato cancel_commissions_on_contract_cancelation boolean
    permite_liberar_parcelas_atraso allow_release_commission_with_pendings boolean
    etapa_que_considera_percentual_pago consider_on text
    percentual_pago_exigido_contrato percentage_paid_contract numeric
    considera_juros_embutidos embedded_interest boolean
    prazo_liberacao_comissao_dias nu_days_for_release_commission bigint
    extra _extra jsonb
') }}
