with lancamentos as (
    select
        data_movimentacao as data,
        codigo_empresa,
        case when entre_contas then 'Entre contas' else 'Realizado' end as natureza,
        case tipo when 'Entrada' then valor else 0 end as entrada,
        case tipo when 'Saída' then -valor else 0 end as saida
    from {{ ref('fato_extrato') }}
    where valor is not null
    union all
    select
        data_vencimento,
        codigo_empresa,
        case when documento_previsao then 'Previsão' when situacao = 'Vencida' then 'Vencido' else 'Previsto' end,
        saldo,
        0
    from {{ ref('fato_parcelas_receber') }}
    where situacao in ('Vencida', 'A vencer')
    union all
    select
        data_vencimento,
        codigo_empresa,
        case when documento_previsao then 'Previsão' when situacao = 'Vencida' then 'Vencido' else 'Previsto' end,
        0,
        saldo
    from {{ ref('fato_contas_pagar') }}
    where situacao in ('Vencida', 'A vencer')
)

select
    date_trunc('month', data)::date as mes,
    codigo_empresa,
    natureza,
    sum(entrada) as entradas,
    sum(saida) as saidas,
    sum(entrada - saida) as saldo
from lancamentos
group by 1, 2, 3
