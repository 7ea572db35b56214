-- gerado por make models; não edite
{{ preparada('nfes_carriers', '
    chave_acesso_nota_fiscal nfe_key text
    codigo_modalidade_frete codigo_modalidade_frete bigint
    cnpj_transportador cpnj_transportador text
    cpf_transportador cpf_transportador text
    nome_transportador nome_transporatador text
    inscricao_estadual_transportador ie_transportador text
    endereco_transportador endereco_transportador text
    municipio_transportador municipio_tranportador text
    uf_transportador uf_transportador text
    valor_servico_transporte valor_servico numeric
    base_calculo_retencao_icms base_calculo_retencao_icms numeric
    aliquota_retencao_percentual aliquota_retencao numeric
    valor_icms_retido valor_icms_retido numeric
    cfop_servico_transporte cfop_servico_transporte bigint
    codigo_municipio_fato_gerador_icms codigo_municipio_fato_gerador_icms_transporte bigint
    placa_veiculo placa_veiculo text
    uf_veiculo u_f text
    registro_transportador_carga_rntc registro_nacional_transportador_carga text
    municipio_fato_gerador_icms municipio_fato_gerador text
    modalidade_frete modalidade_frete text
    extra _extra jsonb
') }}
