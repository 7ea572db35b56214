-- gerado por make models; não edite
{{ preparada('supply_contracts_measurements', '
    medicao_autorizada authorized boolean
    codigo_obra building_id bigint
    medicao_consistente consistent boolean
    codigo_cliente_contrato contract_customer_id bigint
    numero_contrato contract_number text
    codigo_fornecedor_contrato contract_supplier_id bigint
    codigo_documento document_id text
    data_vencimento due_date date
    medicao_finalizada finalized boolean
    data_medicao measurement_date date
    numero_medicao measurement_number bigint
    total_liquido_medicao net_value numeric
    observacoes_medicao notes text
    medicao_liberada released boolean
    codigo_responsavel responsible_id text
    nome_responsavel responsible_name text
    situacao_aprovacao status_approval text
    total_medido_mao_obra total_labor_value numeric
    total_medido_material total_material_value numeric
    valor_liberar_medicao value_to_release numeric
    extra _extra jsonb
') }}
