-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem', 'buildings_costs']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_obra buildingId bigint
    nome_obra buildingName text
    codigo_unidade_construtiva buildingUnitId bigint
    nome_unidade_construtiva buildingUnitName text
    codigo_item_orcamento costEstimationSheetId text
    nome_item_orcamento costEstimationSheetName text
    percentual_apropriado rate numeric
') }}
