-- gerado por make models; não edite
{{ desdobrada('sales_contracts_guarantors', [['ordem', 'spouse']], '
    key _key text
', '
    nome_conjuge name text
    cpf_conjuge cpf text
    numero_rg_conjuge numberIdentityCard text
    email_conjuge email text
    data_nascimento_conjuge birthDate date
    municipio address.city text
    complemento address.complement text
    bairro address.neighborhood text
    numero_endereco address.number text
    estado address.state text
    logradouro address.streetName text
    cep address.zipCode text
') }}
