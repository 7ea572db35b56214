-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'addresses']], '
    codigo_cliente id bigint
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
