-- gerado por make models; não edite
{{ preparada('receivable_bills_installments', '
    titulo_receber receivable_bill_id bigint
    numero_parcela installment_id bigint
    codigo_portador carrier_id bigint
    tipo_condicao_pagamento condition_type text
    data_vencimento due_date date
    saldo_devedor_original balance_due numeric
    possui_boleto_gerado generated_ticket boolean
    codigo_tipo_condicao condition_type_id text
    extra _extra jsonb
') }}
