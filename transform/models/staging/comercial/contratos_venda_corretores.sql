-- gerado por make models; não edite
{{ desdobrada('sales_contracts', [['ordem', 'brokers']], '
    codigo_contrato_venda id bigint
', '
    codigo_corretor id bigint
    corretor_principal main boolean
') }}
