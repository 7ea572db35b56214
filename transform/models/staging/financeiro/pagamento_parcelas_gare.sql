-- gerado por make models; não edite
{{ preparada('bills_installments_gare_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_receita gare_tax_receita_id text
    periodo_referencia_aaaamm gare_reference_period text
    inscricao_estadual inscricao_estadual_number text
    numero_divida_ativa_ou_etiqueta gare_label_number text
    numero_parcela_ou_notificacao gare_installment_number text
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    extra _extra jsonb
') }}
