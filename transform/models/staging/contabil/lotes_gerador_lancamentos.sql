-- gerado por make models; não edite
{{ preparada('accountancy_entry_batches', '
    codigo_lote_contabil id bigint
    codigo_empresa company_id bigint
    data_inicial start_date date
    data_final end_date date
    extra _extra jsonb
') }}
