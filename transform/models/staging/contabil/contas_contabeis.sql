-- gerado por make models; não edite
{{ preparada('accountancy_accounts', '
    codigo_empresa company_id bigint
    codigo_reduzido_conta id bigint
    codigo_contabil_conta unique_number text
    nome_conta name text
    tipo_conta account_type text
    extra _extra jsonb
') }}
