-- gerado por make models; não edite
{{ preparada('bills_installments_dda', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_banco_beneficiario beneficiary_bank_code text
    conta_beneficiario beneficiary_account_number text
    digito_conta_beneficiario beneficiary_account_digit text
    extra _extra jsonb
') }}
