-- gerado por make models; não edite
{{ desdobrada('enterprises_groupings', [['ordem', 'value_groupings']], '
    codigo_empreendimento enterprise_id bigint
    codigo_agrupamento unit_grouping_id bigint
', '
    data_prevista_ocupacao expectedOccupancyDate date
    data_legal_ocupacao legalOccupancyDate date
    data_real_ocupacao realOccupancyDate date
    data_lancamento releaseDate date
    data_base_evolucao_obra dateEvolutionWork date
    quantidade_pavimentos numberFloors bigint
    numero_ordem orderNumber bigint
    evolucao_total_obra_percentual workProgressPercentage numeric
    descricao_valor_agrupamento valueGroupingDescription text
') }}
