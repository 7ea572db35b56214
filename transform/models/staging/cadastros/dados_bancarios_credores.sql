-- gerado por make models; não edite
{{ preparada('creditors_bank_informations', '
    codigo_credor creditor_id bigint
    numero_conta_bancaria account_number text
    tipo_conta_bancaria account_type text
    numero_agencia agency text
    codigo_banco bank text
    digito_verificador_conta check_digit text
    cnpj_credor cnpj text
    cpf_credor cpf text
    indicador_conta_padrao default_flag text
    sequencia_informacao_bancaria id bigint
    nome_banco name_of_bank text
    nome_favorecido name_of_recipient text
    forma_pagamento payment_form text
    extra _extra jsonb
') }}
