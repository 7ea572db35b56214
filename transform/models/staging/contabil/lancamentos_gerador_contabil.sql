-- gerado por make models; não edite
{{ preparada('accountancy_entry_generator_entries', '
    codigo_lancamento id bigint
    codigo_partida event_id bigint
    codigo_lote_contabil entry_batch_id bigint
    data_lancamento date date
    natureza_lancamento_debito_ou_credito type text
    codigo_contabil_conta account_id text
    codigo_historico_contabil description_id text
    complemento_historico_contabil description text
    valor_lancamento amount numeric
    extra _extra jsonb
') }}
