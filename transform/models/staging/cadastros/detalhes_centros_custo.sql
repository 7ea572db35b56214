-- gerado por make models; não edite
{{ preparada('cost_centers_details', '
    codigo_centro_custo id bigint
    nome_centro_custo name text
    codigo_empresa id_company bigint
    cnpj cnpj text
    extra _extra jsonb
') }}
