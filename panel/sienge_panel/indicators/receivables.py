"""What customers owe."""

from __future__ import annotations

from sienge_panel.indicators.definition import MONTH, Indicator, Number, Part

RECEIVABLES = (
    Indicator(
        id="vencido",
        title="Vencido a receber, pela idade do atraso",
        definition="Saldo das parcelas a receber vencidas e ainda em aberto, sem previsões, pelos "
        "dias de atraso.",
        models=("inadimplencia",),
        query="""
select faixa, sum(valor) as valor
from marts.inadimplencia
cross join lateral (
    values
    (1, '1 a 30 dias', de_1_a_30_dias),
    (2, '31 a 60 dias', de_31_a_60_dias),
    (3, '61 a 90 dias', de_61_a_90_dias),
    (4, '91 a 180 dias', de_91_a_180_dias),
    (5, '181 a 360 dias', de_181_a_360_dias),
    (6, 'mais de 360 dias', mais_de_360_dias)
) as faixas (ordem, faixa, valor)
where true{filters}
group by ordem, faixa
order by ordem""",
        columns=(Part("faixa", "Atraso", "texto"), Part("valor", "Vencido", "reais")),
        chart="rows",
        drawn=("valor",),
        number=Number("Vencido", "reais", ("valor",)),
    ),
    Indicator(
        id="inadimplencia",
        title="Taxa de inadimplência",
        definition="Do que venceu em cada mês até o mês passado, quanto continua em aberto. O que "
        "se cancelou ou trocou por outras parcelas não venceu.",
        models=("fato_parcelas_receber",),
        query="""
select
    date_trunc('month', data_vencimento)::date as mes,
    sum(valor_original - valor_desfeito) as venceu,
    sum(saldo) as aberto,
    round(100 * sum(saldo) / nullif(sum(valor_original - valor_desfeito), 0), 1) as taxa
from marts.fato_parcelas_receber
where
    not documento_previsao
    and data_vencimento < date_trunc('month', now() at time zone 'America/Sao_Paulo'){filters}
group by 1
order by 1""",
        columns=(
            MONTH,
            Part("venceu", "Venceu", "reais"),
            Part("aberto", "Em aberto", "reais"),
            Part("taxa", "Taxa", "percentual"),
        ),
        chart="lines",
        drawn=("taxa",),
        number=Number("Do que venceu no período", "percentual", ("aberto",), ("venceu",)),
        by=("company", "development", "period"),
        period="data_vencimento >= {since} and data_vencimento < {until} + interval '1 month'",
    ),
    Indicator(
        id="a_receber",
        title="A receber nos próximos 12 meses",
        definition="Saldo das parcelas a receber que ainda não venceram, sem previsões, no mês do "
        "vencimento.",
        models=("fato_parcelas_receber",),
        query="""
select
    mes,
    coalesce(sum(valor) filter (where indicador = 'a_receber'), 0)
    - coalesce(sum(valor) filter (where indicador = 'vencido'), 0) as valor
from marts.indicadores
where
    indicador in ('a_receber', 'vencido')
    and mes >= date_trunc('month', now() at time zone 'America/Sao_Paulo')
    and mes
    < date_trunc('month', now() at time zone 'America/Sao_Paulo') + interval '1 year'{filters}
group by mes
order by mes""",
        columns=(MONTH, Part("valor", "A receber", "reais")),
        chart="bars",
        drawn=("valor",),
        number=Number("A receber em 12 meses", "reais", ("valor",)),
    ),
)
