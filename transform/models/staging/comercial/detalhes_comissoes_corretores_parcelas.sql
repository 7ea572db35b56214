-- gerado por make models; não edite
{{ desdobrada('commissions_details', [['ordem_corretores', 'brokers'], ['ordem', 'installments']], '
    codigo_comissao id bigint
', '
    numero_parcela number bigint
    valor_parcela_r value numeric
    data_vencimento dueDate date
') }}
