-- gerado por make models; não edite
{{ preparada('price_tables', '
    codigo_tabela_precos id bigint
    versao_tabela_precos table_version bigint
    codigo_empresa company_id bigint
    codigo_empreendimento enterprise_id bigint
    codigo_externo_empreendimento enterprise_id_view bigint
    codigo_projeto project_id bigint
    nome_tabela_precos table_name text
    nome_versao_tabela table_version_name text
    inicio_vigencia start_of_term date
    fim_vigencia end_of_term date
    observacoes notes text
    extra _extra jsonb
') }}
