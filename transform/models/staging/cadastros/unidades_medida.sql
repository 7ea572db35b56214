-- gerado por make models; não edite
{{ preparada('units_of_measure', '
    codigo_unidade_medida id bigint
    simbolo_unidade_medida symbol text
    descricao_unidade_medida description text
    grandeza magnitude text
    unidade_tempo is_unit_of_time boolean
    quantidade_horas number_of_hours bigint
    situacao_unidade_medida status text
    extra _extra jsonb
') }}
