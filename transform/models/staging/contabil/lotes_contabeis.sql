-- gerado por make models; não edite
{{ preparada('accountancy_batches', '
    codigo_empresa company_id bigint
    tipo_lote batch_type text
    descricao_lote batch_description text
    data_inicial start_date date
    data_final end_date date
    key _key text
    extra _extra jsonb
') }}
