-- gerado por make models; não edite
{{ preparada('building_cost_estimations_sheets', '
    codigo_obra building_id bigint
    codigo_unidade_construtiva id bigint
    descricao_unidade_construtiva description text
    situacao_planilha status text
    extra _extra jsonb
') }}
