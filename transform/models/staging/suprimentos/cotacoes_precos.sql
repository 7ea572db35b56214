-- gerado por make models; não edite
{{ preparada('purchase_quotations', '
    numero_cotacao purchase_quotation_id bigint
    codigo_comprador buyer_id text
    cotacao_consistente consistent boolean
    situacao_cotacao status text
    data_cotacao quotation_date date
    data_resposta_cotacao response_date date
    extra _extra jsonb
') }}
