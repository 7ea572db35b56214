-- gerado por make models; não edite
{{ preparada('bulk_account_balance', '
    codigo_empresa company_id bigint
    codigo_reduzido_conta id bigint
    codigo_contabil_conta account_id text
    saldo_anterior previous_balance numeric
    natureza_saldo_anterior previous_balance_type text
    total_debitos debit_balance numeric
    total_creditos credit_balance numeric
    saldo_final balance_carried_forward numeric
    natureza_saldo_final balance_carried_forward_type text
    mes_ano_mm_aaaa month_year text
    extra _extra jsonb
') }}
