-- gerado por make models; não edite
{{ preparada('accounts_balances', '
    saldo_conta amount numeric
    saldo_conciliado_conta reconciled_amount numeric
    data_saldo balance_date date
    numero_conta_corrente account_number text
    situacao_conta_corrente account_status text
    codigo_empresa company_id bigint
    key _key text
    extra _extra jsonb
') }}
