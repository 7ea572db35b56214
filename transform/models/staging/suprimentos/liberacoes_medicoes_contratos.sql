-- gerado por make models; não edite
{{ preparada('supply_contracts_measurements_clearing', '
    codigo_obra building_id bigint
    numero_contrato contract_number text
    codigo_documento document_id text
    valor_adiantamento down_payment_value numeric
    numero_titulo_permuta exchange_bill_id bigint
    liberacao_finalizada is_finished boolean
    numero_medicao measurement_number bigint
    numero_titulo_caucao security_deposit_bill_id bigint
    extra _extra jsonb
') }}
