-- gerado por make models; não edite
{{ preparada('document_identifications', '
    codigo_documento document_identification_id text
    codigo_informado_api id text
    nome_documento name text
    extra _extra jsonb
') }}
