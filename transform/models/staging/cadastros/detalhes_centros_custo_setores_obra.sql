-- gerado por make models; não edite
{{ desdobrada('cost_centers_details', [['ordem', 'building_sectors']], '
    codigo_centro_custo id bigint
', '
    codigo_setor id text
    nome_setor name text
    codigo_responsavel_setor accountableId text
    nome_responsavel_setor accountableName text
') }}
