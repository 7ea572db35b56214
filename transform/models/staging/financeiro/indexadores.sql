-- gerado por make models; não edite
{{ preparada('indexers', '
    codigo_indexador id bigint
    nome_indexador name text
    retroatividade_receita revenue_retroactivity numeric
    data_ultimo_valor last_value.date date
    valor_indexador last_value.value numeric
    variacao_percentual last_value.percentage numeric
    extra _extra jsonb
') }}
