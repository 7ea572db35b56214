-- gerado por make models; não edite
{{ preparada('cost_databases_work_items', '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_servico id bigint
    descricao_servico description text
    simbolo_unidade_medida unit_of_measure text
    descricao_unidade_medida unit_of_measure_description text
    codigo_auxiliar_servico auxiliary_code text
    codigo_tipo_obra building_type_id text
    forma_calculo_preco price_category text
    codigo_grupo_servicos_primeiro_nivel first_level_work_item_group_id text
    grupo_servicos_primeiro_nivel first_level_work_item_group text
    codigo_grupo_servicos_ultimo_nivel last_level_work_item_group_id text
    grupo_servicos_ultimo_nivel last_level_work_item_group text
    preco_unitario unit_price numeric
    situacao_servico status text
    extra _extra jsonb
') }}
