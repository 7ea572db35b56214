-- O que não se sabe o que quer dizer não conta como se soubesse: aparece aqui e em cobertura.
with vistos as (
    select
        'bulk_bank_movement' as tabela,
        'Operação do movimento bancário' as campo,
        tipo_operacao as codigo,
        valor_movimento as valor,
        'os movimentos ficam sem valor' as efeito
    from {{ ref('movimentos_bancarios') }}
    where {{ direcao('tipo_operacao') }} is null
    union all
    select
        'accounts_statements',
        'Tipo do movimento bancário',
        tipo_movimentacao,
        valor_movimentacao,
        'os movimentos ficam sem valor'
    from {{ ref('extratos_contas') }}
    where {{ direcao('tipo_movimentacao') }} is null
    union all
    select
        case
            when lado = 'Pagar' then 'bulk_outcome'
            when exists (select 1 from {{ ref('parcelas_receber') }}) then 'bulk_income'
            else 'customer_financial_statements'
        end,
        'Tipo de baixa',
        concat_ws(' ', codigo_tipo_baixa, tipo_baixa),
        valor_liquido,
        'as baixas contam como sem caixa'
    from {{ ref('fato_baixas') }}
    where not tipo_conhecido
    union all
    select 'units', 'Estoque comercial', estoque_comercial, null, 'as unidades contam em outras'
    from {{ ref('unidades') }}
    where {{ desconhecido('estoque_comercial', situacoes_unidade()) }}
    union all
    select 'sales_contracts', 'Situação do contrato', situacao_contrato, null, 'os contratos não contam como venda'
    from {{ ref('contratos_venda') }}
    where {{ desconhecido('situacao_contrato', situacoes_contrato()) }}
)

select
    tabela,
    campo,
    coalesce(codigo, 'vazio') as codigo,
    count(*) as linhas,
    sum(valor) as valor,
    efeito
from vistos
group by tabela, campo, codigo, efeito
