-- gerado por make models; não edite
{{ desdobrada('bulk_income_by_bills', [['ordem_recebimentos', 'receipts'], ['ordem', 'bankMovements']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    data_movimento_bancario bankMovementDate date
    numero_sequencial sequencialNumber bigint
    codigo_movimento_bancario id bigint
    valor_movimento amount numeric
    codigo_historico_padrao historicId bigint
    descricao_historico_padrao historicName text
    codigo_operacao operationId bigint
    nome_operacao operationName text
    tipo_operacao operationType text
    indicador_movimento_conciliado reconcile text
    valor_corrigido_movimento correctedAmount numeric
    codigo_origem originId text
') }}
