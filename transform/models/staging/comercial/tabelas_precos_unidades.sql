-- gerado por make models; não edite
{{ desdobrada('price_tables', [['ordem', 'units']], '
    codigo_tabela_precos id bigint
', '
    codigo_unidade id bigint
    quantidade_indexada indexedQuantity numeric
') }}
