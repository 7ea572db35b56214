-- gerado por make models; não edite
{{ desdobrada('enterprises_details', [['ordem', 'sales_details']], '
    codigo_empreendimento id bigint
', '
    data_entrega_chaves keysDelivery date
    valor_geral_vendas_vgv generalSalesValue numeric
    orientacao_empreendimento layout text
    numero_matricula_empreendimento realEstateRegistrationNumber text
    digito_matricula_empreendimento realEstateRegistrationDigit text
    cns_cartorio nationalRealEstateCode text
    tipo_uso_empreendimento realEstateUse text
    tipo_implantacao realEstateType text
    numero_registro_incorporacao recordRealEstateNumber text
    data_registro_incorporacao recordRealEstateDate date
    numero_registro_patrimonio_afetacao recordSeggregateEstateNumber text
    data_registro_patrimonio_afetacao recordSeggregateEstateDate date
    link_localizacao_geografica geographicUrl text
    descricao_areas_comuns commomAreas text
    site_empreendimento realEstateUrl text
    local_implantacao realEstateLocation text
    classificacao_empreendimento realEstateClassification text
    publico_alvo_empreendimento realEstateTargetAudience text
    domicilio_bancario_empreendimento account text
    cnpj_parceiro_validacao validationPartner.cnpj text
    indicador_validacao_vendas validationPartner.realEstateSales text
    indicador_validacao_conciliacao_cobranca validationPartner.realEstateBankMovement text
    indicador_validacao_contabil validationPartner.realEstateAccountancy text
    indicador_validacao_obra validationPartner.realEstateBuilding text
    indicador_validacao_estoque_fisico validationPartner.realEstateLocalStock text
') }}
