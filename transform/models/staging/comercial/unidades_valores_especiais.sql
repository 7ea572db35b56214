-- gerado por make models; não edite
{{ desdobrada('units', [['ordem', 'special_values']], '
    codigo_unidade id bigint
', '
    codigo_tabela_precos tablePricesID bigint
    quantidade_indexada indexedQuantity numeric
') }}
