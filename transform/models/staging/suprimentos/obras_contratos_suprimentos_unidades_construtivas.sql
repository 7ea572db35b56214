-- gerado por make models; não edite
{{ desdobrada('supply_contracts_buildings', [['ordem', 'construct_units']], '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_interno_obra building_id bigint
', '
    quantidade_area areaQuantity numeric
    codigo_unidade_construtiva id bigint
    nome_unidade_construtiva name text
    situacao_unidade_construtiva status text
') }}
