-- CPC 47 e OCPC 04: a receita das unidades vendidas é reconhecida à medida que o custo da obra se incorre.
with orcamentos as (
    select
        codigo_empreendimento,
        sum(valor_orcado) * (1 + {{ ajuste('poc_acrescimo_orcamento_percentual') }} / 100) as custo_orcado
    from {{ ref('orcado_realizado') }}
    group by codigo_empreendimento
),

-- Sem as frações ideais, toda unidade pesa o mesmo.
pesos as (
    select
        codigo_unidade,
        codigo_empreendimento,
        case
            when sum(fracao_ideal) over (partition by codigo_empreendimento) > 0 then coalesce(fracao_ideal, 0) else 1
        end as peso
    from {{ ref('dim_unidade') }}
),

totais as (
    select codigo_empreendimento, sum(peso) as peso_total
    from pesos
    group by codigo_empreendimento
),

pesos_contratos as (
    select codigo_contrato_venda, sum(peso) as peso
    from {{ ref('contratos_venda_unidades_contrato') }}
    inner join pesos using (codigo_unidade)
    group by codigo_contrato_venda
),

-- Um distrato tira o que a venda pôs, no mês dele.
vendas as (
    select codigo_contrato_venda, codigo_empreendimento, data_contrato as data, 1 as sinal, valor_contrato
    from {{ ref('fato_vendas') }}
    where venda_valida or (situacao = 'Cancelado' and data_cancelamento is not null)
    union all
    select codigo_contrato_venda, codigo_empreendimento, greatest(data_cancelamento, data_contrato), -1, valor_contrato
    from {{ ref('fato_vendas') }}
    where situacao = 'Cancelado' and data_cancelamento is not null
),

lancamentos as (
    select
        codigo_empreendimento,
        date_trunc('month', data)::date as mes,
        sinal * valor_contrato as venda,
        sinal * coalesce(peso, 0) as peso,
        0 as custo
    from vendas
    left join pesos_contratos using (codigo_contrato_venda)
    union all
    select codigo_empreendimento, mes, 0, 0, valor from {{ ref('custo_obra_mensal') }}
),

somas as (
    select codigo_empreendimento, mes, sum(venda) as venda, sum(peso) as peso, sum(custo) as custo
    from lancamentos
    where codigo_empreendimento is not null and mes between '1990-01-01' and {{ hoje() }}
    group by codigo_empreendimento, mes
),

inicios as (
    select codigo_empreendimento, min(mes) as primeiro
    from somas
    group by codigo_empreendimento
),

meses as (
    select codigo_empreendimento, dia::date as mes
    from inicios
    cross join lateral generate_series(primeiro::timestamp, {{ hoje() }}::timestamp, interval '1 month') as dias (dia)
),

acumuladas as (
    select
        codigo_empreendimento,
        mes,
        coalesce(custo, 0) as custo_mes,
        coalesce(sum(venda) over ate_o_mes, 0) as vendido,
        coalesce(sum(custo) over ate_o_mes, 0) as custo_acumulado,
        least(coalesce(sum(somas.peso) over ate_o_mes, 0) / nullif(peso_total, 0), 1) as parte_vendida,
        custo_orcado
    from meses
    left join somas using (codigo_empreendimento, mes)
    left join orcamentos using (codigo_empreendimento)
    left join totais using (codigo_empreendimento)
    window ate_o_mes as (partition by codigo_empreendimento order by mes)
),

-- O custo estimado nunca é menor do que o que já se gastou.
percentuais as (
    select
        *,
        least(custo_acumulado / nullif(custo_orcado, 0), 1) as poc,
        coalesce(parte_vendida, 0) * 100 >= {{ ajuste('poc_minimo_vendido_percentual') }} as reconhece
    from acumuladas
),

receitas as (
    select
        *,
        case when reconhece then round(vendido * poc, 2) end as receita,
        case when reconhece then round(custo_acumulado * parte_vendida, 2) end as custo_vendido
    from percentuais
)

select
    codigo_empreendimento,
    mes,
    round(custo_orcado, 2) as custo_orcado,
    custo_mes as custo_incorrido_mes,
    custo_acumulado as custo_incorrido_acumulado,
    greatest(round(custo_orcado, 2) - custo_acumulado, 0) as custo_a_incorrer,
    round(poc * 100, 4) as percentual_conclusao,
    vendido as valor_vendido_acumulado,
    round(parte_vendida * 100, 4) as fracao_vendida_percentual,
    receita as receita_acumulada,
    coalesce(receita, 0) - coalesce(lag(receita) over do_empreendimento, 0) as receita_mes,
    vendido - coalesce(receita, 0) as receita_a_apropriar,
    custo_vendido as custo_apropriado_acumulado,
    coalesce(custo_vendido, 0) - coalesce(lag(custo_vendido) over do_empreendimento, 0) as custo_apropriado_mes,
    receita - custo_vendido as lucro_bruto_acumulado
from receitas
window do_empreendimento as (partition by codigo_empreendimento order by mes)
