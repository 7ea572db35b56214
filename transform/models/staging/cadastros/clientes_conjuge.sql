-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'spouse']], '
    codigo_cliente id bigint
', '
    cpf_conjuge cpf text
    nome_conjuge name text
    email_conjuge email text
    sexo_conjuge sex text
    indicador_conjuge_estrangeiro foreigner text
    identificacao_internacional_conjuge internationalId text
    estado_civil_conjuge civilStatus text
    data_nascimento_conjuge birthDate date
    numero_rg_conjuge numberIdentityCard text
    data_emissao_rg_conjuge issueDateIdentityCard date
    profissao_conjuge profession text
    nacionalidade_conjuge nationality text
    naturalidade_conjuge birthPlace text
    filiacao_1_conjuge_pai fatherName text
    filiacao_2_conjuge_mae motherName text
    celular_conjuge cellphoneNumber text
    telefone_comercial_conjuge businessPhone text
    empresa_que_conjuge_trabalha company text
') }}
