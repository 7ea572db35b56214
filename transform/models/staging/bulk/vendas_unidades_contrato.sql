-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem', 'units']], '
    codigo_contrato_venda id bigint
', '
    codigo_unidade id bigint
    unidade_principal main boolean
    participacao_unidade_percentual participationPercentage numeric
    nome_unidade name text
    tipo_imovel propertyType text
    observacoes_unidade note text
    estoque_comercial commercialStock text
    matricula_imovel legalRegistrationNumber text
    data_entrega deliveryDate date
    area_privativa privateArea numeric
    area_comum commonArea numeric
    area_terreno terrainArea numeric
    fracao_ideal idealFraction numeric
    fracao_ideal_m2 idealFractionSquareMeter numeric
    quantidade_indexada indexedQuantity numeric
') }}
