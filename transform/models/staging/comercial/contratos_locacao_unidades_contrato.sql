-- gerado por make models; não edite
{{ desdobrada('property_rental', [['ordem', 'rental_contract_units']], '
    codigo_contrato_locacao contract_seq_id bigint
', '
    codigo_unidade id bigint
    nome_unidade name text
    participacao_unidade_percentual participationPercentage numeric
    unidade_principal main boolean
') }}
