-- gerado por make models; não edite
{{ preparada('nfes_issqn', '
    chave_acesso_nota_fiscal nfe_key text
    valor_total_servicos valor_total_servicos numeric
    base_calculo_total_iss total_base_calculo_iss numeric
    valor_total_iss valor_total_iss numeric
    valor_total_pis_sobre_servicos valor_total_pis numeric
    valor_total_cofins_sobre_servicos valor_total_cofins_sobre_servicos numeric
    data_prestacao_servico data_prestacao_servico date
    valor_total_deducao_base_calculo valor_total_deducao_base_calculo numeric
    valor_total_outras_retencoes valor_total_outras_retencoes numeric
    valor_total_desconto_incondicionado valor_total_desconto_incondicionado numeric
    valor_total_desconto_condicionado valor_total_desconto_condicionado numeric
    valor_total_retencao_iss valor_total_retencao_iss numeric
    codigo_regime_tributacao codigo_regime_tributacao text
    extra _extra jsonb
') }}
