-- gerado por make models; não edite
{{ preparada('nfes_icms', '
    chave_acesso_nota_fiscal nfe_key text
    base_calculo_icms valor_base_calculo_icms numeric
    valor_icms valor_icms numeric
    valor_icms_desonerado valor_icms_desonerado numeric
    base_calculo_icms_st vl_base_calculo_st numeric
    valor_total_icms_st valor_total_icms_st numeric
    valor_total_produtos_servicos total_produtos_e_servicos numeric
    valor_total_frete total_frete numeric
    valor_total_desconto total_desconto numeric
    valor_total_imposto_importacao total_imposto_importacao numeric
    valor_total_ipi total_ipi numeric
    valor_total_pis total_pis numeric
    valor_cofins valor_cofins numeric
    outras_despesas outras_despesas numeric
    valor_total_nota_fiscal total_nota_fiscal numeric
    valor_total_tributos_federais total_tributos_federais numeric
    extra _extra jsonb
') }}
