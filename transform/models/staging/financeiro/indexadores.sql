-- gerado por make models; não edite
{{ preparada('indexers', [
    ['codigo_indexador', 'id', 'bigint'],
    ['nome_indexador', 'name', 'text'],
    ['retroatividade_receita', 'revenue_retroactivity', 'numeric'],
    ['ultimo_valor', 'last_value', 'jsonb'],
    ['extra', '_extra', 'jsonb'],
]) }}
