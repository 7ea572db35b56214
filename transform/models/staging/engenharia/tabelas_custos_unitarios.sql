-- gerado por make models; não edite
{{ preparada('cost_databases', '
    codigo_tabela_custos_unitarios id bigint
    descricao_tabela_custos_unitarios description text
    situacao_tabela status text
    tabela_habilitada_integracao cost_database_enabled_for_integration boolean
    extra _extra jsonb
') }}
