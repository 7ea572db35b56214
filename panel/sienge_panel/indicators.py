"""The numbers of the page Indicadores: each a query of the models, its definition and its drawing.

The query that is shown is the one that runs: filters are written into it as constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing_extensions import LiteralString

Kind = Literal["mes", "data", "texto", "reais", "inteiro", "percentual"]

By = Literal["company", "development", "period"]

COMPANY, WORK = "company", "development"

CONDITIONS: dict[By, LiteralString] = {
    "company": "codigo_empresa = {company}",
    "development": "codigo_empreendimento = {development}",
    "period": "mes between {since} and {until}",
}


@dataclass(frozen=True)
class Part:
    """A column of the answer."""

    name: str
    title: str
    kind: Kind


@dataclass(frozen=True)
class Number:
    """The number above the drawing: a sum of columns, or what a part is of another (%)."""

    title: str
    kind: Kind
    of: tuple[str, ...]
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One of them; ``drawn``: the columns that are drawn, over the first one."""

    id: str
    title: str
    definition: str
    models: tuple[str, ...]
    query: LiteralString
    columns: tuple[Part, ...]
    chart: Literal["bars", "stack", "lines", "rows"]
    drawn: tuple[str, ...]
    number: Number
    by: tuple[By, ...] = ("company", "development")
    period: LiteralString = CONDITIONS["period"]


MONTH = Part("mes", "Mês", "mes")

WORKS = Part("empreendimento", "Empreendimento", "texto")

INDICATORS = (
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
    nome_empreendimento as empreendimento,
    sum(vendas_12_meses) as vendas,
    sum(disponiveis) as disponiveis,
    round(100.0 * sum(vendas_12_meses) / nullif(sum(vendas_12_meses + disponiveis), 0), 1) as vso
from marts.estoque_unidades
left join marts.dim_empreendimento using (codigo_empreendimento)
where true{filters}
group by codigo_empreendimento, nome_empreendimento
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
    Indicator(
        id="caixa_realizado",
        title="Fluxo de caixa realizado",
        definition="O que entrou e saiu das contas, pelo extrato, sem transferências, aplicações e "
        "resgates.",
        models=("fluxo_caixa",),
        query="""
select mes, sum(entradas) as entradas, sum(saidas) as saidas, sum(saldo) as saldo
from marts.fluxo_caixa
where natureza = 'Realizado'{filters}
group by mes
order by mes""",
        columns=(
            MONTH,
            Part("entradas", "Entradas", "reais"),
            Part("saidas", "Saídas", "reais"),
            Part("saldo", "Saldo do mês", "reais"),
        ),
        chart="bars",
        drawn=("entradas", "saidas"),
        number=Number("Saldo do período", "reais", ("saldo",)),
        by=("company", "period"),
    ),
    Indicator(
        id="caixa_previsto",
        title="Fluxo de caixa previsto",
        definition="O que vence a receber e a pagar neste mês e nos 11 seguintes. O que já venceu "
        "e não foi pago, e os documentos de previsão, ficam de fora.",
        models=("fluxo_caixa",),
        query="""
select mes, sum(entradas) as entradas, sum(saidas) as saidas, sum(saldo) as saldo
from marts.fluxo_caixa
where
    natureza = 'Previsto'
    and mes
    < date_trunc('month', now() at time zone 'America/Sao_Paulo') + interval '1 year'{filters}
group by mes
order by mes""",
        columns=(
            MONTH,
            Part("entradas", "A receber", "reais"),
            Part("saidas", "A pagar", "reais"),
            Part("saldo", "Saldo do mês", "reais"),
        ),
        chart="bars",
        drawn=("entradas", "saidas"),
        number=Number("Saldo previsto", "reais", ("saldo",)),
        by=("company",),
    ),
    Indicator(
        id="a_pagar_30_dias",
        title="A pagar nos próximos 30 dias",
        definition="Saldo das parcelas a pagar que vencem de hoje a 30 dias, pelo dia do "
        "vencimento.",
        models=("fato_contas_pagar",),
        query="""
select
    data_vencimento as dia,
    coalesce(sum(saldo) filter (where not documento_previsao and autorizada), 0) as autorizado,
    coalesce(
        sum(saldo) filter (where not documento_previsao and autorizada is not true), 0
    ) as sem_autorizacao,
    coalesce(sum(saldo) filter (where documento_previsao), 0) as previsao
from marts.fato_contas_pagar
where
    situacao = 'A vencer'
    and data_vencimento <= (now() at time zone 'America/Sao_Paulo')::date + 30{filters}
group by data_vencimento
order by data_vencimento""",
        columns=(
            Part("dia", "Vencimento", "data"),
            Part("autorizado", "Autorizado", "reais"),
            Part("sem_autorizacao", "Sem autorização", "reais"),
            Part("previsao", "Previsão", "reais"),
        ),
        chart="stack",
        drawn=("autorizado", "sem_autorizacao", "previsao"),
        number=Number("A pagar", "reais", ("autorizado", "sem_autorizacao", "previsao")),
        by=("company",),
    ),
    Indicator(
        id="orcado_realizado",
        title="Orçado e realizado por obra",
        definition="Da última versão do orçamento, quanto já se apropriou em títulos, sem "
        "previsões. O orçado pede a leitura dos orçamentos (predefinição BULK ou Engenharia).",
        models=("orcado_realizado",),
        query="""
select
    nome_empreendimento as empreendimento,
    sum(valor_orcado) as orcado,
    sum(valor_apropriado) as realizado,
    round(100 * sum(valor_apropriado) / nullif(sum(valor_orcado), 0) - 100, 1) as desvio
from marts.orcado_realizado
left join marts.dim_empreendimento using (codigo_empreendimento)
where true{filters}
group by codigo_empreendimento, nome_empreendimento
order by realizado desc, empreendimento""",
        columns=(
            WORKS,
            Part("orcado", "Orçado", "reais"),
            Part("realizado", "Realizado", "reais"),
            Part("desvio", "Desvio", "percentual"),
        ),
        chart="rows",
        drawn=("orcado", "realizado"),
        number=Number("Realizado do orçado", "percentual", ("realizado",), ("orcado",)),
    ),
    Indicator(
        id="saldo_bancos",
        title="Saldo nos bancos",
        definition="O último saldo que o Sienge disse de cada conta, até hoje, por empresa.",
        models=("saldos_bancarios",),
        query="""
select coalesce(nome_empresa, 'Empresa ' || codigo_empresa) as empresa, sum(valor) as saldo
from marts.indicadores
left join marts.dim_empresa using (codigo_empresa)
where indicador = 'saldo_bancos'{filters}
group by 1
order by saldo desc, empresa""",
        columns=(Part("empresa", "Empresa", "texto"), Part("saldo", "Saldo", "reais")),
        chart="rows",
        drawn=("saldo",),
        number=Number("Saldo", "reais", ("saldo",)),
        by=("company",),
    ),
)

BY_ID = {indicator.id: indicator for indicator in INDICATORS}
