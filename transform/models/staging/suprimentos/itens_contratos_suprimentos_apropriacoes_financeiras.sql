-- gerado por make models; não edite
{{ desdobrada('supply_contracts_items', [['ordem', 'budget_categories']], '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_contrato id bigint
', '
    codigo_plano_financeiro paymentCategoryId text
    percentual_apropriado percentage numeric
') }}
