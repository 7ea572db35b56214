-- gerado por make models; não edite
{{ preparada('bills_taxes', '
    numero_titulo bill_id bigint
    codigo_imposto tax_id bigint
    codigo_ibge_municipio ibge_city_id text
    aliquota_imposto_percentual rate numeric
    valor_imposto amount numeric
    valor_base_incidencia taxable_base_amount numeric
    marcador_percentual_incidencia tax_rate_marker boolean
    usa_tabela_imposto_renda uses_income_tax_table boolean
    numero_titulo_guia tax_guide_bill bigint
    extra _extra jsonb
') }}
