-- gerado por make models; não edite
{{ preparada('supply_contracts_attachments', '
    numero_anexo contract_attachment_number bigint
    numero_contrato contract_number text
    descricao_anexo description text
    codigo_documento document_id text
    nome_anexo name text
    extra _extra jsonb
') }}
