-- gerado por make models; não edite
{{ desdobrada('cost_databases_work_items_assemblies', [['ordem', 'items']], '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_servico id bigint
', '
    codigo_item_composicao id bigint
    codigo_auxiliar_item auxiliaryCode text
    categoria_item category text
    descricao_item_composicao description text
    codigo_grupo_item group text
    descricao_grupo_item groupDescription text
    unidade_medida unitOfMeasure text
    quantidade_item_composicao quantity numeric
    preco_unitario_item unitPrice numeric
    forma_calculo_preco_item priceCategory text
') }}
