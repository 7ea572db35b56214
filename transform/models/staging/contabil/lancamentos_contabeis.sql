-- gerado por make models; não edite
{{ preparada('accountancy_entries', '
    codigo_empresa company_id bigint
    codigo_partida event_id bigint
    data_lancamento date date
    conta_contabil_debito debit_account_id text
    conta_contabil_credito credit_account_id text
    codigo_historico_contabil description_id text
    complemento_historico_contabil description text
    valor_lancamento amount numeric
    codigo_credor creditor_code bigint
    codigo_cliente client_code bigint
    codigo_lote_contabil entry_batch_id bigint
    tipo_lancamento entry_type text
    codigo_lancamento id bigint
    lancamento_conciliado conciliated boolean
    sistema_origem origin text
    descricao_origem origin_description text
    extra _extra jsonb
') }}
