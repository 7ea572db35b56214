-- gerado por make models; não edite
{{ preparada('creditors', '
    credor_ativo active boolean
    codigo_municipio address.cityId bigint
    municipio address.cityName text
    complemento address.complement text
    bairro address.neighborhood text
    numero_endereco address.number text
    logradouro address.streetName text
    cep address.zipCode text
    indicador_corretor broker text
    cnpj cnpj text
    cpf cpf text
    data_cadastro creation_date date
    indicador_colaborador employee text
    codigo_credor id bigint
    data_ultima_alteracao last_modification_date date
    nome_credor name text
    codigo_forma_pagamento payment_type_id bigint
    inscricao_estadual state_registration_number text
    tipo_inscricao_estadual state_registration_type text
    indicador_fornecedor supplier text
    enquadramento_tributario tax_classification text
    codigo_enquadramento_tributario tax_classification_id bigint
    nome_fantasia trade_name text
    extra _extra jsonb
') }}
