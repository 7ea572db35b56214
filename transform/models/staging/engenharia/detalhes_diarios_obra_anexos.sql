-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'attachments']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    numero_anexo attachmentNumber bigint
    nome_arquivo_anexo name text
    descricao_anexo description text
    local_imagem location text
') }}
