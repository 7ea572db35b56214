-- gerado por make models; não edite
{{ desdobrada('bulk_customer_debt_balance', [['ordem', 'secondary_customers']], '
    numero_titulo_receber bill_receivable_id bigint
    codigo_parcela installment_id bigint
', '
    cpf_ou_cnpj_cliente_secundario document text
    codigo_cliente_secundario id bigint
    nome_cliente_secundario name text
') }}
