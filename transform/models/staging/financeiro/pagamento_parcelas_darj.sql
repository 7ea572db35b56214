-- gerado por make models; não edite
{{ preparada('bills_installments_darj_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    periodo_referencia_aaaamm darj_reference_period text
    inscricao_estadual inscricao_estadual_number text
    numero_documento_darj darj_document_number text
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    extra _extra jsonb
') }}
