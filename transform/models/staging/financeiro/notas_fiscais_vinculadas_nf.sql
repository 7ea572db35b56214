-- gerado por make models; não edite
{{ preparada('nfes_linked_nfes', '
    chave_acesso_nota_fiscal nfe_key text
    codigo_uf_emitente codigo_uf bigint
    mes_ano_emissao_mm_aa mes_ano_emissao text
    cnpj_emitente cnpj text
    codigo_modelo_documento_fiscal codigo_modalidade bigint
    numero_serie numero_serie bigint
    numero_nota_fiscal numero_nota_f_iscal bigint
    uf_emitente uf text
    key _key text
    extra _extra jsonb
') }}
