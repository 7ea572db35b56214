-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem_unidades_contrato', 'units'], ['ordem', 'childUnits']], '
    codigo_contrato_venda id bigint
', '
    nome_unidade_filha name text
    numeracao_unidade_filha order text
    area_privativa privateArea numeric
    area_comum commonArea numeric
    fracao_ideal idealFraction numeric
    fracao_ideal_m2 idealFractionSquareMeter numeric
    localizacao locationName text
    observacoes_unidade_filha note text
') }}
