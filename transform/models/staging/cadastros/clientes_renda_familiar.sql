-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'family_income']], '
    codigo_cliente id bigint
', '
    nome_parente kinsName text
    grau_parentesco kinship text
    valor_renda incomeValue numeric
    observacao_renda observation text
') }}
