-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem_pagamentos', 'payments'], ['ordem', 'bankMovements']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_empresa_conta accountCompanyId bigint
    numero_conta_corrente accountNumber text
    tipo_conta accountType text
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
    codigo_origem originId text
') }}
