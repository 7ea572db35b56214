-- gerado por make models; não edite
{{ preparada('customer_types', '
    codigo_tipo_cliente id bigint
    descricao_tipo_cliente description text
    extra _extra jsonb
') }}
