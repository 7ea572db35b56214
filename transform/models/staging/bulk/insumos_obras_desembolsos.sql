-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'disbursements']], '
    key _key text
', '
    ano_desembolso year bigint
    mes_desembolso month bigint
    valor_desembolso value numeric
    quantidade_desembolso quantity numeric
') }}
