-- As partes de cada movimento do extrato somam o seu valor, ao centavo.
with movimentos as (
    select codigo_movimento_bancario as codigo_movimentacao, valor_movimento as valor
    from {{ ref('movimentos_bancarios') }}
    union all
    select codigo_movimentacao, valor_movimentacao
    from {{ ref('extratos_contas') }}
    where not exists (select 1 from {{ ref('movimentos_bancarios') }})
),

somados as (
    select codigo_movimentacao, sum(valor) as valor
    from movimentos
    group by codigo_movimentacao
),

partes as (
    select codigo_movimentacao, sum(valor) as valor, count(*) - count(valor) as desconhecidas
    from {{ ref('fato_extrato') }}
    group by codigo_movimentacao
)

select codigo_movimentacao
from somados
full outer join partes using (codigo_movimentacao)
where coalesce(desconhecidas, 0) = 0 and abs(coalesce(partes.valor, 0)) <> abs(coalesce(somados.valor, 0))
