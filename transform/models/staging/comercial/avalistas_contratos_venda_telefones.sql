-- gerado por make models; não edite
{{ desdobrada('sales_contracts_guarantors', [['ordem', 'phones']], '
    key _key text
', '
    numero_telefone number text
    telefone_principal main boolean
    tipo_telefone type text
    observacao_telefone note text
') }}
