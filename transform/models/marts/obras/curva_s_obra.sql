-- O plano é uma resposta só: os desembolsos do BULK onde há; senão, as tarefas do planejamento, pelo REST.
with versoes as (
    select codigo_obra, codigo_unidade_construtiva, max(numero_versao_orcamento) as numero_versao_orcamento
    from {{ ref('itens_orcamento_obras') }}
    group by codigo_obra, codigo_unidade_construtiva
),

desembolsos as (
    select
        codigo_obra,
        {{ primeiro_dia('ano_desembolso', 'mes_desembolso') }} as mes,
        valor_desembolso as valor
    from {{ ref('itens_orcamento_obras_tarefas_planejamento_desembolsos') }}
    inner join {{ ref('itens_orcamento_obras') }} using (key)
    inner join versoes using (codigo_obra, codigo_unidade_construtiva, numero_versao_orcamento)
),

valores as (
    select codigo_obra, mes, valor as planejado, 0 as medido, 0 as realizado
    from desembolsos
    union all
    select
        codigo_obra,
        {{ primeiro_dia('ano_execucao', 'mes_execucao') }},
        preco_total_tarefa * percentual_planejado / 100,
        0,
        0
    from {{ ref('tarefas_planejamento_obra_execucoes_planejadas_mes') }}
    inner join {{ ref('tarefas_planejamento_obra') }}
        using (codigo_obra, codigo_unidade_construtiva, codigo_interno_tarefa)
    where tarefa_agrupadora is distinct from true and not exists (select 1 from desembolsos)
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
