-- gerado por make models; não edite
{{ desdobrada('property_rental', [['ordem', 'rental_contract_customers']], '
    codigo_contrato_locacao contract_seq_id bigint
', '
    codigo_cliente id bigint
    nome_cliente name text
    participacao_cliente_percentual participationPercentage numeric
    cliente_principal main boolean
') }}
