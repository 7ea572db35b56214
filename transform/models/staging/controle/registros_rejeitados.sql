-- gerado por make models; não edite
{{ preparada('rejected_rows', '
    identificador_execucao run_id text
    ordem_execucao position bigint
    recurso stream text
    motivo reason text
    registro record jsonb
    momento_rejeicao rejected_at timestamp
') }}
