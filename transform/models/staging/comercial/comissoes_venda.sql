-- gerado por make models; não edite
{{ preparada('sales_commissions', '
    codigo_comissao id bigint
    codigo_contrato_venda contract_id bigint
    codigo_corretor broker_id bigint
    codigo_cliente customer_id bigint
    quantidade_parcelas installments_number bigint
    numero_titulo bill_id bigint
    percentual_comissao rate numeric
    valor_comissao value numeric
    valor_base_comissao base_value numeric
    tipo_comissao type text
    extra _extra jsonb
') }}
