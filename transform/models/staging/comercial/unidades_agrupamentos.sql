-- gerado por make models; não edite
{{ desdobrada('units', [['ordem', 'groupings']], '
    codigo_unidade id bigint
', '
    descricao_agrupamento groupingDescription text
    valor_agrupamento valueGroupingDescription text
') }}
