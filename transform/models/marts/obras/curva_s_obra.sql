with valores as (
    select codigo_empreendimento as codigo_obra, mes, valor as planejado, 0 as medido, 0 as realizado
    from {{ ref('plano_obra_mensal') }}
    union all
    select
        codigo_obra, date_trunc('month', data_medicao)::date, 0, quantidade_medida_medicao * preco_unitario, 0
    from {{ ref('itens_medicoes_obra') }}
    inner join {{ ref('medicoes_obra') }} using (codigo_obra, numero_medicao)
    where situacao_aprovacao = 'APROVADA' and item_agrupador is distinct from true and data_medicao is not null
    union all
    select codigo_empreendimento, mes, 0, 0, valor from {{ ref('custo_obra_mensal') }}
),

somas as (
    select codigo_obra, mes, sum(planejado) as planejado, sum(medido) as medido, sum(realizado) as realizado
    from valores
    where codigo_obra is not null and mes between '1990-01-01' and '2070-12-31'
    group by codigo_obra, mes
),

extremos as (
    select codigo_obra, min(mes) as primeiro, max(mes) as ultimo
    from somas
    group by codigo_obra
),

-- Todos os meses entre o primeiro e o último da obra, também aqueles em que nada aconteceu.
meses as (
    select codigo_obra, dia::date as mes
    from extremos
    cross join lateral generate_series(primeiro::timestamp, ultimo::timestamp, interval '1 month') as dias (dia)
),

acumuladas as (
    select
        codigo_obra,
        mes,
        round(coalesce(planejado, 0), 2) as valor_planejado,
        round(coalesce(medido, 0), 2) as valor_medido,
        round(coalesce(realizado, 0), 2) as valor_realizado,
        round(sum(planejado) over ate_o_mes, 2) as planejado_acumulado,
        round(sum(medido) over ate_o_mes, 2) as medido_acumulado,
        round(sum(realizado) over ate_o_mes, 2) as realizado_acumulado,
        sum(planejado) over (partition by codigo_obra) as planejado_total
    from meses
    left join somas using (codigo_obra, mes)
    window ate_o_mes as (partition by codigo_obra order by mes)
)

select
    codigo_obra as codigo_empreendimento,
    mes,
    valor_planejado,
    valor_medido,
    valor_realizado,
    coalesce(planejado_acumulado, 0) as planejado_acumulado,
    coalesce(medido_acumulado, 0) as medido_acumulado,
    coalesce(realizado_acumulado, 0) as realizado_acumulado,
    round(planejado_acumulado / nullif(planejado_total, 0) * 100, 2) as planejado_percentual,
    round(medido_acumulado / nullif(planejado_total, 0) * 100, 2) as medido_percentual
from acumuladas
