-- gerado por make models; não edite
{{ preparada('bills_installments_boleto_bancario', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_barras boleto_bancario_bar_code_number text
    linha_digitavel boleto_bancario_manual_bar_code_number text
    numero_documento document_number text
    codigo_beneficiario_boleto boleto_bancario_beneficiary_id bigint
    codigo_sacador_boleto boleto_bancario_sacador_id bigint
    data_limite_desconto discount_due_date date
    extra _extra jsonb
') }}
