-- gerado por make models; não edite
{{ preparada('bearers_receivable', '
    codigo_portador bearer_id bigint
    nome_portador bearer_name text
    portador_carteira bearer_wallet boolean
    portador_cobranca bearer_in_charge boolean
    portador_renegociacao_divida bearer_debt_workout boolean
    extra _extra jsonb
') }}
