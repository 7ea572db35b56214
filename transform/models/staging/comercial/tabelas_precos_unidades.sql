-- gerado por make models; não edite
{{ desdobrada('price_tables', 'units', [
    ['codigo_tabela_precos', 'id', 'bigint'],
], [
    ['codigo_unidade', 'id', 'bigint'],
    ['quantidade_indexada', 'indexedQuantity', 'numeric'],
]) }}
