-- gerado por make models; não edite
{{ preparada('trial_balance', '
    data_inicial_periodo initial_period date
    codigo_empresa company_id bigint
    codigo_reduzido_conta reduced_code bigint
    grupo_conta account_group text
    codigo_contabil_conta account text
    nome_conta_contabil account_name text
    tipo_conta account_type text
    total_debitos debit numeric
    total_creditos credit numeric
    valor_saldo_movimento operating_balance.value numeric
    natureza_saldo_movimento operating_balance.type text
    valor_saldo_anterior balances.previous.value numeric
    natureza_saldo_anterior balances.previous.type text
    valor_saldo_atual balances.current.value numeric
    natureza_saldo_atual balances.current.type text
    nome_terceiro third_parties.name text
    codigo_terceiro third_parties.code bigint
    debitos_terceiro third_parties.debit numeric
    creditos_terceiro third_parties.credit numeric
    valor_credito_anterior third_parties.previousCredit.value numeric
    natureza_credito_anterior third_parties.previousCredit.type text
    valor_debito_anterior third_parties.previousDebit.value numeric
    natureza_debito_anterior third_parties.previousDebit.type text
    key _key text
    extra _extra jsonb
') }}
