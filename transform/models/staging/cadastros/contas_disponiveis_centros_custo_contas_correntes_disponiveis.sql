-- gerado por make models; não edite
{{ desdobrada('cost_centers_available', [['ordem', 'available_accounts']], '
    codigo_centro_custo id bigint
', '
    numero_conta_corrente accountNumber text
    nome_conta_corrente accountName text
') }}
