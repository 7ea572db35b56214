-- gerado por make models; não edite
{{ desdobrada('commissions_details', [['ordem', 'commission_release_composition']], '
    codigo_comissao id bigint
', '
    numero_contrato_venda salesContractNumber text
    numero_titulo_previsao billId bigint
    numero_parcela installmentNumber bigint
    valor_total_parcela value numeric
    data_vencimento dueDate date
    codigo_credor_corretor brokerId bigint
    codigo_cliente customerId bigint
') }}
