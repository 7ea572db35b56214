-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'building_appropriations.attended']], '
    key _key text
', '
    identificacao_documento documentLabel text
    data_documento date date
    referencia_item_orcamento_edt costEstimationItemReference text
    descricao_item_orcamento costEstimationItemDescription text
    codigo_unidade_construtiva buildingUnitId bigint
    nome_unidade_construtiva buildingUnitName text
    quantidade_atendida quantity numeric
    percentual_apropriado percentage numeric
    valor_atendido value numeric
    data_movimentacao movementDate date
') }}
