-- gerado por make models; não edite
{{ preparada('companies', '
    codigo_empresa id bigint
    razao_social name text
    nome_fantasia trade_name text
    cnpj cnpj text
    extra _extra jsonb
') }}
