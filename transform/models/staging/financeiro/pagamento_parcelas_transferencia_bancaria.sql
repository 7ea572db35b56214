-- gerado por make models; não edite
{{ preparada('bills_installments_bank_transfer', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_banco_beneficiario beneficiary_bank_code text
    agencia_beneficiario beneficiary_bank_branch_number text
    digito_agencia_beneficiario beneficiary_bank_branch_digit text
    conta_beneficiario beneficiary_account_number text
    digito_conta_beneficiario beneficiary_account_digit text
    digito_autoconferencia_dac_conta beneficiary_account_dac text
    tipo_conta_beneficiario beneficiary_account_type text
    nome_beneficiario beneficiary_name text
    cpf_beneficiario beneficiary_cpf_number text
    cnpj_beneficiario beneficiary_cnpj_number text
    codigo_finalidade_ted ted_finality_code text
    codigo_finalidade_doc doc_finality_code text
    extra _extra jsonb
') }}
