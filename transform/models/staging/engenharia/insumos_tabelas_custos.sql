-- gerado por make models; não edite
{{ preparada('cost_databases_resources', '
    codigo_tabela_custos_unitarios cost_database_id bigint
    codigo_insumo id text
    descricao_insumo description text
    unidade_medida unit_of_measure text
    categoria_insumo category text
    codigo_auxiliar_insumo resource_code text
    codigo_barras barcode text
    codigo_plano_financeiro financial_category.id text
    descricao_plano_financeiro financial_category.description text
    situacao_insumo status text
    extra _extra jsonb
') }}
