-- gerado por make models; não edite
{{ desdobrada('supply_contracts_measurements_clearing', [['ordem', 'bills']], '
    codigo_obra building_id bigint
    numero_contrato contract_number text
    codigo_documento document_id text
    numero_medicao measurement_number bigint
', '
    numero_titulo billId bigint
') }}
