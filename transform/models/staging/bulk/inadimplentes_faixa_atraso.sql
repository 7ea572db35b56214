-- gerado por make models; não edite
{{ preparada('bulk_defaulters_receivable_bills_by_aging', '
    codigo_empresa company_id bigint
    codigo_cliente client_id bigint
    nome_cliente client_name text
    numero_titulo_receber receivable_bill_id bigint
    data_emissao issue_date date
    numero_documento document_number text
    codigos_centros_custo cost_centers_id jsonb
    unidades_titulo units text
    valor_titulo_receber receivable_bill_value numeric
    codigo_parcela installment_id bigint
    tipo_condicao condition_type text
    data_vencimento due_date date
    dias_atraso days_of_delay bigint
    valor_corrigido_sem_acrescimos corrected_value_without_additions numeric
    valor_pro_rata pro_rata numeric
    valor_juros interest numeric
    valor_multa fine numeric
    total_acrescimos total_additions numeric
    valor_corrigido_acrescimos corrected_value_with_additions numeric
    numero_parcela installment_number text
    indicador_envio_spc_serasa installment_sent_to_spc_serasa text
    extra _extra jsonb
') }}
