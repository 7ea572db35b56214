with lancamentos as (
    select
        data_movimentacao as data,
        codigo_empresa,
        case when entre_contas then 'Entre contas' else 'Realizado' end as natureza,
        valor
    from {{ ref('fato_extrato') }}
    where valor is not null
    union all
    select
        data_vencimento,
        codigo_empresa,
        case when documento_previsao then 'Previsão' when situacao = 'Vencida' then 'Vencido' else 'Previsto' end,
        saldo
    from {{ ref('fato_parcelas_receber') }}
    where situacao in ('Vencida', 'A vencer')
    union all
    select
        data_vencimento,
        codigo_empresa,
        case when documento_previsao then 'Previsão' when situacao = 'Vencida' then 'Vencido' else 'Previsto' end,
        -saldo
    from {{ ref('fato_contas_pagar') }}
    where situacao in ('Vencida', 'A vencer')
)

select
    date_trunc('month', data)::date as mes,
    codigo_empresa,
    natureza,
    coalesce(sum(valor) filter (where valor > 0), 0) as entradas,
    coalesce(-sum(valor) filter (where valor < 0), 0) as saidas,
    sum(valor) as saldo
from lancamentos
group by 1, 2, 3
