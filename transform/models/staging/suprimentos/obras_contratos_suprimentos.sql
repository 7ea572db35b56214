-- gerado por make models; não edite
{{ preparada('supply_contracts_buildings', '
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_interno_obra building_id bigint
    codigo_obra_exibido_sienge building_id_view bigint
    nome_obra building_name text
    codigo_interno_centro_custo cost_center_id bigint
    codigo_centro_custo_exibido_sienge cost_center_id_view bigint
    codigo_departamento department_id bigint
    extra _extra jsonb
') }}
