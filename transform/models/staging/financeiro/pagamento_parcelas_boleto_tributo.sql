-- gerado por make models; não edite
{{ preparada('bills_installments_boleto_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_barras tax_bar_code_number text
    linha_digitavel tax_manual_bar_code_number text
    extra _extra jsonb
') }}
