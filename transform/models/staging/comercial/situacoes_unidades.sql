-- gerado por make models; não edite
{{ preparada('units_situations', '
    codigo_situacao id bigint
    descricao_situacao description text
    extra _extra jsonb
') }}
