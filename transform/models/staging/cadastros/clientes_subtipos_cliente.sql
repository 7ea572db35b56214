-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'sub_types']], '
    codigo_cliente id bigint
', '
    codigo_subtipo id bigint
    descricao_subtipo description text
') }}
