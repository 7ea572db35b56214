-- gerado por make models; não edite
{{ preparada('enterprises', '
    codigo_empreendimento id bigint
    nome_empreendimento name text
    nome_comercial commercial_name text
    observacoes_empreendimento enterprise_observation text
    cnpj cnpj text
    tipo_empreendimento type text
    endereco_completo adress text
    data_cadastro creation_date date
    data_ultima_alteracao modification_date date
    usuario_cadastro created_by text
    usuario_ultima_alteracao modified_by text
    codigo_empresa company_id bigint
    nome_empresa company_name text
    codigo_tabela_custos_unitarios cost_database_id bigint
    descricao_tabela_custos_unitarios cost_database_description text
    codigo_tipo_obra building_type_id bigint
    descricao_tipo_obra building_type_description text
    extra _extra jsonb
') }}
