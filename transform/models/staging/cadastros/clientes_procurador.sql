-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'procurators']], '
    codigo_cliente id bigint
', '
    cpf_procurador cpf text
    email_procurador email text
    nome_procurador name text
    profissao_procurador profession text
    estado_civil_procurador civilStatus text
    nacionalidade_procurador nationality text
    numero_rg_procurador numberIdentityCard text
    livro_procuracao proxy.book text
    data_procuracao proxy.date date
    validade_procuracao proxy.expirationDate date
    comarca proxy.district text
    cartorio proxy.registry text
    folha proxy.sheet text
') }}
