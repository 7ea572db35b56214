-- gerado por make models; não edite
{{ preparada('trademarks', '
    codigo_marca trademark_id bigint
    descricao_marca trademark_description text
    situacao_marca status text
    extra _extra jsonb
') }}
