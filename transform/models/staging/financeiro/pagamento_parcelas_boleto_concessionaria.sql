-- gerado por make models; não edite
{{ preparada('bills_installments_boleto_concessionaria', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_barras boleto_concessionaria_bar_code_number text
    linha_digitavel boleto_concessionaria_manual_bar_code_number text
    tipo_pagamento_concessionaria boleto_concessionaria_payment_type text
    numero_documento document_number text
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    extra _extra jsonb
') }}
