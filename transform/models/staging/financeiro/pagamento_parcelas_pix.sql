-- gerado por make models; não edite
{{ preparada('bills_installments_pix', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    nome_beneficiario beneficiary_name text
    cpf_beneficiario beneficiary_cpf_number text
    cnpj_beneficiario beneficiary_cnpj_number text
    indicador_uso_dados_credor is_using_creditor_data text
    tipo_chave_pix key_pix_type text
    chave_pix key_pix text
    extra _extra jsonb
') }}
