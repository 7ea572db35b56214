-- gerado por make models; não edite
{{ preparada('receivable_bills', '
    codigo_cliente customer_id bigint
    titulo_receber receivable_bill_id bigint
    codigo_documento document_id text
    numero_documento document_number text
    data_emissao issue_date date
    valor_bruto_titulo receivable_bill_value numeric
    codigo_empresa company_id bigint
    titulo_inadimplente defaulting boolean
    titulo_sub_judice subjudice boolean
    observacoes_titulo note text
    nome_unidade unity_name text
    data_quitacao pay_off_date date
    extra _extra jsonb
') }}
