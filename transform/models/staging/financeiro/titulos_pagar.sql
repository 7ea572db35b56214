-- gerado por make models; não edite
{{ preparada('bills', '
    numero_titulo id bigint
    codigo_empresa_devedora debtor_id bigint
    codigo_credor creditor_id bigint
    codigo_documento document_identification_id text
    numero_documento document_number text
    data_emissao issue_date date
    quantidade_parcelas installments_number bigint
    valor_bruto_titulo total_invoice_amount numeric
    endereco_base_api tenant_url text
    observacoes_titulo notes text
    valor_desconto discount numeric
    consistencia_titulo status text
    codigo_origem origin_id text
    codigo_usuario_cadastro registered_user_id text
    usuario_cadastro registered_by text
    data_hora_cadastro registered_date timestamp
    codigo_usuario_ultima_alteracao changed_user_id text
    usuario_ultima_alteracao changed_by text
    data_hora_ultima_alteracao changed_date timestamp
    chave_acesso_nota_fiscal access_key_number text
    extra _extra jsonb
') }}
