-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'phones']], '
    codigo_cliente id bigint
', '
    numero_telefone number text
    telefone_principal main boolean
    tipo_telefone type text
    observacao_telefone note text
    ddi idd text
') }}
