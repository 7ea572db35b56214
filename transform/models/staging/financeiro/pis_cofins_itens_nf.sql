-- gerado por make models; não edite
{{ preparada('nfes_itens_pis_cofins', '
    chave_acesso_nota_fiscal nfe_key text
    numero_item_nota item_id bigint
    codigo_situacao_tributaria_cofins codigo_situacao_tributaria_cofins text
    base_calculo_cofins valor_base_calculo_cofins numeric
    aliquota_cofins_percentual aliquota_percentual_cofins numeric
    valor_cofins valor_cofins numeric
    codigo_situacao_tributaria_pis codigo_situacao_tributaria_pis text
    base_calculo_pis valor_base_calculo_pis numeric
    aliquota_pis_percentual aliquota_percentual_pis numeric
    valor_pis valor_pis numeric
    quantidade_vendida_pis quantidade_vendida_pis numeric
    aliquota_pis_valor valor_aliquota_pis numeric
    quantidade_vendida_cofins quantidade_vendida_cofins numeric
    aliquota_cofins_valor valor_aliquota_cofins numeric
    extra _extra jsonb
') }}
