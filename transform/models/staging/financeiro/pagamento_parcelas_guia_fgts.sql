-- gerado por make models; não edite
{{ preparada('bills_installments_fgts_tax', '
    numero_titulo bill_id bigint
    numero_parcela installment_id bigint
    codigo_forma_pagamento payment_type_id bigint
    observacoes_pagamento notes text
    codigo_receita fgts_tax_receita_id text
    identificador_fgts fgts_id_number bigint
    lacre_conectividade_social conectividade_social_lacre_number bigint
    digito_lacre_conectividade_social conectividade_social_lacre_digit bigint
    tipo_contribuinte tax_payer_type text
    codigo_credor_contribuinte creditor_tax_payer_id bigint
    codigo_empreendimento_contribuinte cost_center_tax_payer_id bigint
    cpf_ou_cnpj_contribuinte tax_payer_cpfcnpj_number text
    codigo_barras tax_bar_code_number text
    linha_digitavel tax_manual_bar_code_number text
    extra _extra jsonb
') }}
