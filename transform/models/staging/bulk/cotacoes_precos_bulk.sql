-- gerado por make models; não edite
{{ preparada('bulk_purchase_quotations', '
    codigo_cotacao purchase_quotation_id bigint
    data_cadastro registered_date date
    data_ultima_alteracao last_modification date
    data_cotacao purchase_quotation_date date
    data_envio sent_date date
    prazo_resposta response_deadline date
    observacoes_cotacao notes text
    quantidade_minima_fornecedores min_number_of_suppliers bigint
    quantidade_sugerida_fornecedores suggested_number_of_suppliers bigint
    codigo_comprador buyer_id text
    extra _extra jsonb
') }}
