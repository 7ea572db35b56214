-- gerado por make models; não edite
{{ preparada('bills_units', '
    numero_titulo bill_id bigint
    numero_unidade unit_id text
    codigo_centro_custo cost_center_id bigint
    nome_empreendimento name text
    tipo_imovel property_type text
    percentual_apropriado percentage numeric
    indicador_unidade_principal principal text
    extra _extra jsonb
') }}
