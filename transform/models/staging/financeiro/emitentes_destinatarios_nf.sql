-- gerado por make models; não edite
{{ preparada('nfes_issuers_recipients', '
    chave_acesso_nota_fiscal nfe_key text
    cnpj_emitente cnpj_emitente text
    municipio_emitente municipio_emitente text
    uf_emitente uf_emitente text
    pais_emitente pais_emitente text
    cnpj_destinatario cnpj_destinatario text
    municipio_destinatario municipio_destinatario text
    pais_destinatario pais_destinatario text
    uf_destinatario uf_destinatario text
    nome_emitente nome_emitente text
    nome_destinatario nome_destinatario text
    codigo_regime_tributario_emitente crt_emitente bigint
    extra _extra jsonb
') }}
