-- gerado por make models; não edite
{{ desdobrada('sales_contracts', [['ordem', 'sales_contract_customers']], '
    codigo_contrato_venda id bigint
', '
    codigo_cliente id bigint
    nome_cliente name text
    cliente_principal main boolean
    cliente_conjuge spouse boolean
    participacao_cliente_percentual participationPercentage numeric
') }}
