-- gerado por make models; não edite
{{ preparada('bills_installments_darf_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_receita darf_tax_receita_id text
    numero_referencia_darf darf_reference_number bigint
    periodo_apuracao darf_base_date date
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    extra _extra jsonb
') }}
