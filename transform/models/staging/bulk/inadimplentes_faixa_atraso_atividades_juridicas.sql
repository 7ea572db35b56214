-- gerado por make models; não edite
{{ desdobrada('bulk_defaulters_receivable_bills_by_aging', [['ordem', 'defaulter_judicial_activities']], '
    codigo_empresa company_id bigint
    numero_titulo_receber receivable_bill_id bigint
    codigo_parcela installment_id bigint
', '
    data_registro recordDate date
    situacao_inadimplencia situation text
    indicador_atividade_concluida concluded text
    observacoes_atividade observation text
') }}
