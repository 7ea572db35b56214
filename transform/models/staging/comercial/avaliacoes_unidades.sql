-- gerado por make models; não edite
{{ preparada('units_evaluations', '
    codigo_unidade unit_id bigint
    codigo_avaliacao id bigint
    data_avaliacao evaluation_date date
    valor_avaliacao evaluation_price numeric
    data_valor_venda sale_value_date date
    valor_venda sale_value_price numeric
    extra _extra jsonb
') }}
