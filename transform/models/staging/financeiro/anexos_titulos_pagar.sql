-- gerado por make models; não edite
{{ preparada('bills_attachments', '
    numero_titulo bill_id bigint
    codigo_anexo attachmentid bigint
    nome_arquivo name text
    descricao_anexo description text
    tamanho_arquivo_bytes size bigint
    tipo_arquivo content_type text
    extra _extra jsonb
') }}
