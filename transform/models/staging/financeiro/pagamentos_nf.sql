-- gerado por make models; não edite
{{ preparada('nfes_payments', '
    chave_acesso_nota_fiscal nfe_key text
    codigo_tipo_pagamento codigo_tipo_pagamento text
    valor_pagamento valor_pagamento numeric
    cnpj_credenciadora_cartao cnpj_credenciadora_cartao text
    codigo_bandeira_cartao codigo_bandeira_cartao text
    numero_autorizacao_cartao numero_autorizacao_operacao_cartao text
    tipo_pagamento tipo_pagamento text
    bandeira_cartao bandeira_cartao text
    key _key text
    extra _extra jsonb
') }}
