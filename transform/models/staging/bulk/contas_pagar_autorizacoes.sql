-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem', 'authorizations']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_usuario_autorizacao authorizationUserId text
    nome_usuario_autorizacao authorizationUserName text
    data_autorizacao authorizationDate text
    indicador_ultimo_autorizador isLastToAuthorize text
') }}
