-- gerado por make models; não edite
{{ preparada('cost_databases_work_items_assemblies', '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_servico id bigint
    codigo_auxiliar_servico auxiliary_code text
    descricao_servico description text
    codigo_grupo_servicos work_item_group text
    descricao_grupo_servicos work_item_group_description text
    unidade_medida unit_of_measure text
    preco_unitario unit_price numeric
    codigo_tipo_obra building_type_id bigint
    forma_calculo_preco price_category text
    extra _extra jsonb
') }}
