-- gerado por make models; não edite
{{ preparada('nfes_deliveries', '
    chave_acesso_nota_fiscal nfe_key text
    cpf_local_entrega cpf_entrega text
    cnpj_local_entrega cnpj_entrega text
    municipio_entrega municipio_entrega text
    uf_entrega uf_entrega text
    pais_entrega pais_entrega text
    cpf_local_retirada cpf_retirada text
    cnpj_local_retirada cnpj_retirada text
    municipio_retirada municipio_retirada text
    uf_retirada uf_retirada text
    pais_retirada pais_retirada text
    extra _extra jsonb
') }}
