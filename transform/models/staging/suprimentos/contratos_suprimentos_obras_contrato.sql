-- gerado por make models; não edite
{{ desdobrada('supply_contracts', [['ordem', 'buildings']], '
    numero_contrato contract_number text
    codigo_documento document_id text
', '
    codigo_obra buildingId bigint
    nome_obra name text
') }}
