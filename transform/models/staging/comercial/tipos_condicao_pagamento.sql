-- gerado por make models; não edite
{{ preparada('payment_condition_types', '
    codigo_tipo_condicao id bigint
    descricao_tipo_condicao description text
    tipo_finalidade finality_type text
    intervalo_entre_parcelas interval bigint
    unidade_intervalo interval_type text
    quantidade_parcelas installments_number bigint
    indicador_sempre_mensal ever_monthly text
    extra _extra jsonb
') }}
