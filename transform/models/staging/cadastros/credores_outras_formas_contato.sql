-- gerado por make models; não edite
{{ desdobrada('creditors', [['ordem', 'other_contact_methods']], '
    codigo_credor id bigint
', '
    endereco_contato address text
    observacao_contato observation text
    tipo_contato type text
') }}
