-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'crews']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    codigo_equipe id bigint
    codigo_insumo_mao_obra resourceId bigint
    descricao_mao_obra description text
    quantidade_mao_obra quantity bigint
    codigo_tipo_equipe crewTypeId bigint
    origem_equipe_tipo_ou_insumo origin text
    tipo_mao_obra assignment text
') }}
