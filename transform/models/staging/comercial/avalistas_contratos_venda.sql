-- gerado por make models; não edite
{{ preparada('sales_contracts_guarantors', '
    codigo_contrato_venda sales_contract_id bigint
    nome_avalista name text
    cnpj_avalista cnpj text
    cpf_avalista cpf text
    nacionalidade nationality text
    numero_rg number_identity_card text
    profissao profession text
    estado_civil civil_status text
    email email text
    data_nascimento birth_date date
    municipio address.city text
    complemento address.complement text
    bairro address.neighborhood text
    numero_endereco address.number text
    estado address.state text
    logradouro address.streetName text
    cep address.zipCode text
    key _key text
    extra _extra jsonb
') }}
