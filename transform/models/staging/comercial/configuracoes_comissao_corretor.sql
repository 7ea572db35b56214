-- gerado por make models; não edite
{{ preparada('commissions_configurations_brokers', '
    codigo_configuracao configuration_id bigint
    codigo_corretor broker_id bigint
    nome_corretor broker_name text
    quantidade_padrao_parcelas installments bigint
    percentual_padrao_comissao percentage numeric
    extra _extra jsonb
') }}
