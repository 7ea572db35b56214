-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'notes']], '
    key _key text
', '
    texto_observacao description text
') }}
