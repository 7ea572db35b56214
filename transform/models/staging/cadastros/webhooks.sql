-- gerado por make models; não edite
{{ preparada('hooks', '
    codigo_webhook id text
    endereco_destino_webhook url text
    eventos_assinados events jsonb
    extra _extra jsonb
') }}
