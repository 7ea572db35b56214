-- gerado por make models; não edite
{{ desdobrada('customers', [['ordem', 'agents']], '
    codigo_cliente id bigint
', '
    codigo_representante id bigint
') }}
