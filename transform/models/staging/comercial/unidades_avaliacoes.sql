-- gerado por make models; não edite
{{ desdobrada('units', [['ordem', 'evaluation']], '
    codigo_unidade id bigint
', '
    data_avaliacao evaluationDate date
    valor_avaliacao evaluationPrice numeric
    data_valor_venda saleValueDate date
    valor_venda saleValuePrice numeric
') }}
