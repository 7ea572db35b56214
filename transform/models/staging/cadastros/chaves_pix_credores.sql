-- gerado por make models; não edite
{{ preparada('creditors_pix_informations', '
    codigo_credor creditor_id bigint
    nome_favorecido beneficiary text
    cpf_ou_cnpj_favorecido cpf_cnpj_beneficiary text
    indicador_chave_pix_padrao default_flag text
    sequencia_informacao_pix id bigint
    chave_pix key text
    tipo_chave_pix type text
    extra _extra jsonb
') }}
