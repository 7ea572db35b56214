-- gerado por make models; não edite
{{ preparada('nfes_itens_issqn', '
    chave_acesso_nota_fiscal nfe_key text
    numero_item_nota item_id bigint
    base_calculo_issqn valor_base_calculo numeric
    aliquota_issqn_percentual percentual_aliquota numeric
    valor_issqn valor_issqn numeric
    codigo_municipio_fato_gerador codigo_municipio_fato_gerador bigint
    codigo_item_lista_servicos codigo_item_lista_servicos bigint
    valor_deducao valor_deducao numeric
    valor_outras_retencoes valor_outras_retencoes numeric
    valor_desconto_condicionado valor_desconto_condicionado numeric
    valor_desconto_incondicionado valor_desconto_incondicionado numeric
    valor_retencao_iss valor_retencao_iss numeric
    codigo_exigibilidade_iss codigo_indicador_exigibilidade_iss bigint
    descricao_exigibilidade_iss descricao_indicador_exigibilidade_iss text
    codigo_servico codigo_servico text
    codigo_municipio_incidencia_imposto codigo_municipio_incide_imposto bigint
    codigo_pais cd_pais bigint
    numero_processo nu_processo text
    codigo_indicador_incentivo_fiscal cd_ind_incentivo bigint
    descricao_indicador_incentivo_fiscal de_ind_incentivo text
    municipio_incidencia_imposto de_mun text
    municipio_fato_gerador descricao_municipio_fato_gerador text
    extra _extra jsonb
') }}
