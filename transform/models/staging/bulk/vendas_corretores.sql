-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem', 'brokers']], '
    codigo_contrato_venda id bigint
', '
    codigo_corretor id bigint
    numero_creci creci text
    nome_corretor name text
    corretor_principal main boolean
') }}
