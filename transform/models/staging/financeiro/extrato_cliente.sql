-- gerado por make models; não edite
{{ preparada('customer_financial_statements', '
    codigo_cliente customer_id bigint
    titulo_receber bill_receivable_id bigint
    multa_atraso_percentual fine_percent numeric
    juros_atraso_percentual interest_percent numeric
    identificacao_documento document_id text
    codigo_documento document_code text
    titulo_sub_judice sub_judice boolean
    codigo_parcela installment_id bigint
    data_vencimento due_date date
    tipo_condicao condition_type text
    valor_original original_value numeric
    saldo_atual current_balance numeric
    juros_parcela_percentual installment_interest_percent numeric
    possui_boleto_gerado generated_billet boolean
    numero_parcela installment_number text
    extra _extra jsonb
') }}
