-- gerado por make models; não edite
{{ preparada('supply_contracts_measurements_attachments', '
    numero_anexo attachment_number bigint
    codigo_obra building_id bigint
    numero_contrato contract_number text
    descricao_anexo description text
    codigo_documento document_id text
    numero_medicao measurement_number bigint
    nome_anexo name text
    extra _extra jsonb
') }}
