-- gerado por make models; não edite
{{ desdobrada('bulk_building_resources', [['ordem', 'movement_units']], '
    key _key text
', '
    simbolo_unidade_medida unitOfMeasureSymbol text
    descricao_unidade_medida unitOfMeasureDescription text
    fator_conversao conversionFactor numeric
    unidade_padrao isDefault boolean
    unidade_ativa isActive boolean
') }}
