-- gerado por make models; não edite
{{ desdobrada('sales_commissions', [['ordem', 'installments']], '
    codigo_comissao id bigint
', '
    numero_parcela id bigint
    data_vencimento dueDate date
    valor_parcela amount numeric
    situacao_parcela status text
') }}
