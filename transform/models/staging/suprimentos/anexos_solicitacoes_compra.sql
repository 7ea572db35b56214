-- gerado por make models; não edite
{{ preparada('purchase_requests_attachments', '
    numero_solicitacao_compra purchase_request_id bigint
    numero_anexo attachment_number bigint
    nome_anexo name text
    descricao_anexo description text
    extra _extra jsonb
') }}
