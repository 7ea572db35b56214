-- gerado por make models; não edite
{{ preparada('remade_installments', '
    titulo_receber receivable_bill_id bigint
    data_reparcelamento remade_date date
    nome_cliente customer_description text
    parcelas_reparceladas remade_installments_description text
    valor_reparcelado remade_value numeric
    parcelas_geradas generated_installments_description text
    valor_gerado generated_value numeric
    key _key text
    extra _extra jsonb
') }}
