-- gerado por make models; não edite
{{ preparada('bills_installments_inss_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    tipo_identificador_contribuinte tax_payer_identification_type bigint
    numero_identificador_contribuinte tax_payer_identification_number text
    codigo_pagamento_inss inss_payment_code text
    competencia_mmaaaa inss_base_date text
    valor_outras_entidades inss_other_entities_value numeric
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    extra _extra jsonb
') }}
