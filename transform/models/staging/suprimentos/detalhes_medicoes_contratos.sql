-- gerado por make models; não edite
{{ preparada('supply_contracts_measurements_details', '
    medicao_autorizada authorized boolean
    codigo_obra building_id bigint
    medicao_consistente consistent boolean
    numero_contrato contract_number text
    desconto_faturamento_direto direct_billing_value numeric
    valor_descontos discounts_value numeric
    codigo_documento document_id text
    data_vencimento due_date date
    valor_sinal earnest_money_value numeric
    valor_permuta exchange_value numeric
    valor_reajuste_indices indexes_price_change numeric
    total_medido_mao_obra labor_cost numeric
    total_medido_material material_cost numeric
    total_medido measured_total numeric
    data_medicao measurement_date date
    numero_medicao measurement_number bigint
    total_liquido_medicao net_value numeric
    observacoes_medicao notes text
    codigo_responsavel responsible_id text
    nome_responsavel responsible_name text
    valor_retido_caucao security_deposit_value numeric
    situacao_aprovacao status_approval text
    subtotal_medicao subtotal numeric
    valor_impostos tax_value numeric
    extra _extra jsonb
') }}
