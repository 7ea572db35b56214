-- gerado por make models; não edite
{{ desdobrada('construction_daily_report_details', [['ordem', 'equipments']], '
    codigo_diario_obra id bigint
    codigo_obra building_id bigint
', '
    codigo_equipamento id bigint
    codigo_insumo_equipamento resourceId bigint
    descricao_equipamento description text
    quantidade_equipamentos quantity bigint
    codigo_tipo_equipamento equipmentTypeId bigint
    origem_equipamento_tipo_ou_insumo origin text
    situacao_equipamento status text
') }}
