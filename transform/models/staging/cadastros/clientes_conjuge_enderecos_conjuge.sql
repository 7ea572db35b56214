-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem_conjuge', 'spouse'], ['ordem', 'addresses']], '
    codigo_cliente id bigint
', '
    municipio city text
    complemento complement text
    bairro neighborhood text
    numero_endereco number text
    logradouro streetName text
    cep zipCode text
') }}
