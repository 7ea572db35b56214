-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem_unidades_contrato', 'units'], ['ordem', 'groupings']], '
    codigo_contrato_venda id bigint
', '
    descricao_agrupamento groupingDescription text
    valor_agrupamento valueGroupingDescription text
') }}
