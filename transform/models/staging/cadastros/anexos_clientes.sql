-- gerado por make models; não edite
{{ preparada('customers_attachments', '
    codigo_cliente customer_id bigint
    codigo_anexo attachmentid bigint
    nome_arquivo name text
    descricao_anexo description text
    tamanho_arquivo_bytes size bigint
    tipo_arquivo_mime content_type text
    extra _extra jsonb
') }}
