-- gerado por make models; não edite
{{ preparada('cost_centers_immediate_register_settings', '
    codigo_centro_custo cost_center_id bigint
    codigo_empresa company_id bigint
    numero_conta_corrente account_number text
    tipo_registro register_type text
    condicao_recebimento receive_condition text
    extra _extra jsonb
') }}
