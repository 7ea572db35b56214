-- gerado por make models; não edite
{{ preparada('property_types', '
    codigo_tipo_imovel id bigint
    nome_tipo_imovel name text
    imovel_residencial residential boolean
    extra _extra jsonb
') }}
