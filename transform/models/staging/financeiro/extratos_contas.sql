-- gerado por make models; não edite
{{ preparada('accounts_statements', '
    codigo_movimentacao id bigint
    valor_movimentacao value numeric
    data_movimentacao date date
    numero_documento document_number text
    observacao_movimentacao description text
    codigo_documento document_id text
    tipo_movimentacao type text
    data_conciliacao reconciliation_date date
    numero_titulo bill_id bigint
    numero_parcela installment_number bigint
    sistema_origem statement_origin text
    operacao_financeira statement_type text
    historico_movimentacao statement_type_notes text
    codigo_empresa company_id bigint
    codigo_grupo_empresas company_group_id bigint
    codigo_conta_bancaria bank_account_id text
    extra _extra jsonb
') }}
