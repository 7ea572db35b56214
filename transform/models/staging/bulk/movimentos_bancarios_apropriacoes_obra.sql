-- gerado por make models; não edite
{{ desdobrada('bulk_bank_movement', [['ordem', 'bulding_costs']], '
    key _key text
', '
    codigo_obra buildingId bigint
    nome_obra name text
    codigo_unidade_construtiva buildingUnitId bigint
    nome_unidade_construtiva buildingUnitName text
    codigo_item_orcamento costEstimationSheetId text
    nome_item_orcamento costEstimationSheetName text
    percentual_apropriado rate numeric
') }}
