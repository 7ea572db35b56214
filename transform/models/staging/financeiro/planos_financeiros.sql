-- gerado por make models; não edite
{{ preparada('payment_categories', '
    codigo_plano_financeiro id bigint
    nome_plano_financeiro name text
    tipo_conta tp_conta text
    indicador_conta_redutora fl_redutora text
    indicador_conta_ativa fl_ativa text
    indicador_adiantamento fl_adiantamento text
    indicador_imposto fl_imposto text
    extra _extra jsonb
') }}
