-- gerado por make models; não edite
{{ preparada('bills_installments', '
    numero_titulo bill_id bigint
    codigo_indexador index_id bigint
    data_base base_date date
    data_vencimento due_date date
    data_competencia bill_date date
    valor_parcela amount numeric
    numero_parcela installment_number bigint
    codigo_forma_pagamento payment_type_id bigint
    forma_pagamento payment_type text
    situacao_parcela situation text
    enviada_pagamento_escritural sent_to_bank boolean
    numero_lote_pagamento batch_number bigint
    numero_parcela_campo_alternativo number_installment bigint
    extra _extra jsonb
') }}
