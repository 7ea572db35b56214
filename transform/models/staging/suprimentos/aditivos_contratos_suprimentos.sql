-- gerado por make models; não edite
{{ preparada('supply_contracts_addenda', '
    codigo_acordo_precos price_agreement_id bigint
    versao_acordo_precos price_agreement_version bigint
    data_cadastro registration_date text
    codigo_usuario_cadastro registration_user_id text
    nome_usuario_cadastro registration_user_name text
    data_ultima_alteracao last_modification_date text
    codigo_usuario_ultima_alteracao last_modification_user_id text
    nome_usuario_ultima_alteracao last_modification_user_name text
    data_aditivo addendum_date date
    descricao_aditivo addendum_description text
    valor_total_mao_obra total_labor_value numeric
    valor_total_material total_material_value numeric
    codigo_documento document_id text
    numero_contrato contract_number text
    codigo_obra building_id bigint
    numero_aditivo addendum_number bigint
    extra _extra jsonb
') }}
