-- gerado por make models; não edite
{{ preparada('nfes_itens_ipi', '
    chave_acesso_nota_fiscal nfe_key text
    numero_item_nota item_id bigint
    codigo_situacao_tributaria_ipi codigo_situacao_tributaria text
    aliquota_ipi_percentual percentual_ipi numeric
    base_calculo_ipi valor_base_calculo numeric
    valor_ipi valor_ipi numeric
    quantidade_unidades qt_unid numeric
    classe_enquadramento_ipi classe_enquadramento text
    extra _extra jsonb
') }}
