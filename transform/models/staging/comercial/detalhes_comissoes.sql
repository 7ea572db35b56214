-- gerado por make models; não edite
{{ preparada('commissions_details', '
    codigo_comissao id bigint
    codigo_cliente customer_id bigint
    codigo_empreendimento enterprise_id bigint
    codigo_contrato_venda sales_contract_id bigint
    numero_contrato_venda sales_contract_number text
    nome_cliente customer_name text
    nome_empreendimento enterprise_name text
    motivo_bloqueio_edicao block_edit_reason text
    edicao_bloqueada block_edit boolean
    valor_base_comissao base_value numeric
    data_criacao_comissao created_date date
    comissao_liberada released boolean
    extra _extra jsonb
') }}
