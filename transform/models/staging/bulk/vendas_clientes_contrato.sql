-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem', 'customers']], '
    codigo_contrato_venda id bigint
', '
    codigo_cliente id bigint
    cliente_principal main boolean
    cliente_conjuge spouse boolean
    participacao_cliente_percentual participationPercentage numeric
    tipo_pessoa personType text
    cpf cpf text
    nome_cliente name text
    email email text
    data_nascimento birthDate date
    data_casamento marriageDate date
    estado_civil civilStatus text
    filiacao_1_pai fatherName text
    filiacao_2_mae motherName text
    sexo sex text
    cnpj cnpj text
    nacionalidade nationality text
    numero_rg numberIdentityCard text
    profissao profession text
    nome_contato contactName text
    nome_fantasia fantasyName text
    cpf_conjuge spouseData.cpf text
    nome_conjuge spouseData.name text
    email_conjuge spouseData.email text
    sexo_conjuge spouseData.sex text
    estado_civil_conjuge spouseData.civilStatus text
    data_nascimento_conjuge spouseData.birthDate date
    numero_rg_conjuge spouseData.numberIdentityCard text
') }}
