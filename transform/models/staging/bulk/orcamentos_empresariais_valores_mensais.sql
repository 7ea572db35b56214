-- gerado por make models; não edite
{{ desdobrada('bulk_business_budget', [['ordem', 'interval']], '
    codigo_orcamento_empresarial id bigint
    numero_versao version_number bigint
    codigo_plano_financeiro payment_category_id text
', '
    mes_ano monthYear date
    valor_orcado_mes totalPrice numeric
') }}
