-- gerado por make models; não edite
{{ preparada('sync_log', '
    identificador_execucao run_id text
    recurso stream text
    inicio started_at timestamp
    fim finished_at timestamp
    resultado status text
    alcance extent text
    linhas_lidas rows bigint
    registros_rejeitados rejected bigint
    requisicoes_feitas_api requests bigint
    avisos warnings jsonb
    motivo error text
') }}
