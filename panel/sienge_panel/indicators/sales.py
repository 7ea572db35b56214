"""Sales, and what is left to sell."""

from __future__ import annotations

from sienge_panel.indicators.definition import MONTH, WORKS, Indicator, Number, Part

SALES = (
    Indicator(
        id="vendas",
        title="Vendas por mês",
        definition="Contratos de venda autorizados e emitidos, no mês da data do contrato.",
        models=("fato_vendas",),
        query="""
select
    mes,
    coalesce(sum(valor) filter (where indicador = 'vendas_valor'), 0) as valor,
    coalesce(sum(valor) filter (where indicador = 'vendas_quantidade'), 0) as contratos
from marts.indicadores
where indicador in ('vendas_valor', 'vendas_quantidade'){filters}
group by mes
order by mes""",
        columns=(
            MONTH,
            Part("valor", "Valor vendido", "reais"),
            Part("contratos", "Contratos", "inteiro"),
        ),
        chart="bars",
        drawn=("valor",),
        number=Number("Vendido no período", "reais", ("valor",)),
        by=("company", "development", "period"),
    ),
    Indicator(
        id="distratos",
        title="Distratos por mês",
        definition="Contratos cancelados, no mês do cancelamento; o valor é o que se devolve ao "
        "cliente.",
        models=("fato_vendas",),
        query="""
select
    mes,
    coalesce(sum(valor) filter (where indicador = 'distratos_quantidade'), 0) as contratos,
    coalesce(sum(valor) filter (where indicador = 'distratos_valor'), 0) as valor
from marts.indicadores
where indicador in ('distratos_valor', 'distratos_quantidade'){filters}
group by mes
order by mes""",
        columns=(
            MONTH,
            Part("contratos", "Contratos", "inteiro"),
            Part("valor", "Valor devolvido", "reais"),
        ),
        chart="bars",
        drawn=("contratos",),
        number=Number("Distratos no período", "inteiro", ("contratos",)),
        by=("company", "development", "period"),
    ),
    Indicator(
        id="vso",
        title="Velocidade de vendas (VSO) em 12 meses",
        definition="Vendas válidas dos últimos 12 meses sobre o que havia para vender: essas e as "
        "unidades disponíveis hoje.",
        models=("estoque_unidades",),
        query="""
select
    coalesce(nome_unico, 'Empreendimento ' || codigo_empreendimento) as empreendimento,
    sum(vendas_12_meses) as vendas,
    sum(disponiveis) as disponiveis,
    round(100.0 * sum(vendas_12_meses) / nullif(sum(vendas_12_meses + disponiveis), 0), 1) as vso
from marts.estoque_unidades
left join marts.dim_empreendimento using (codigo_empreendimento)
where true{filters}
group by codigo_empreendimento, nome_unico
order by vso desc nulls last, empreendimento""",
        columns=(
            WORKS,
            Part("vendas", "Vendas em 12 meses", "inteiro"),
            Part("disponiveis", "Disponíveis", "inteiro"),
            Part("vso", "VSO", "percentual"),
        ),
        chart="rows",
        drawn=("vso",),
        number=Number("VSO de 12 meses", "percentual", ("vendas",), ("vendas", "disponiveis")),
    ),
    Indicator(
        id="unidades",
        title="Unidades por situação",
        definition="As unidades de todos os empreendimentos, na situação comercial que têm hoje no "
        "Sienge.",
        models=("dim_unidade",),
        query="""
select coalesce(situacao, 'Sem situação') as situacao, count(*) as unidades
from marts.dim_unidade
left join marts.dim_empreendimento using (codigo_empreendimento)
where true{filters}
group by 1
order by unidades desc, situacao""",
        columns=(Part("situacao", "Situação", "texto"), Part("unidades", "Unidades", "inteiro")),
        chart="rows",
        drawn=("unidades",),
        number=Number("Unidades", "inteiro", ("unidades",)),
    ),
)
