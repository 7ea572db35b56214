-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem_clientes_contrato', 'customers'], ['ordem', 'addresses']], '
    codigo_contrato_venda id bigint
', '
    tipo_endereco type text
    logradouro streetName text
    numero_endereco number text
    complemento complement text
    bairro neighborhood text
    codigo_municipio cityId bigint
    municipio city text
    estado state text
    cep zipCode text
    endereco_correspondencia mail boolean
') }}
