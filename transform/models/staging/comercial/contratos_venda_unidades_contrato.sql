-- gerado por make models; não edite
{{ desdobrada('sales_contracts', [['ordem', 'sales_contract_units']], '
    codigo_contrato_venda id bigint
', '
    codigo_unidade id bigint
    unidade_principal main boolean
    nome_unidade name text
    participacao_unidade_percentual participationPercentage numeric
') }}
