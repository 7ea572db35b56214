-- gerado por make models; não edite
{{ preparada('checking_accounts', '
    numero_conta_corrente account_number text
    nome_conta_corrente account_name text
    numero_agencia agency_number text
    codigo_tipo_conta_corrente account_type.id text
    descricao_tipo_conta_corrente account_type.description text
    codigo_empresa company_id bigint
    nome_empresa company_name text
    codigo_banco bank_number text
    nome_banco bank_name text
    situacao_conta_corrente account_status text
    extra _extra jsonb
') }}
