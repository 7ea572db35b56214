-- gerado por make models; não edite
{{ desdobrada('creditors', [['ordem', 'phones']], '
    codigo_credor id bigint
', '
    ddd ddd text
    ramal extension text
    telefone_principal main boolean
    numero_telefone number text
    observacao_telefone observation text
    tipo_telefone type bigint
') }}
