"""Cash, banks and what is to be paid."""

from __future__ import annotations

from sienge_panel.indicators.definition import MONTH, Indicator, Number, Part

CASH = (
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
        id="saldo_bancos",
        title="Saldo nos bancos",
        definition="O último saldo que o Sienge disse de cada conta, até hoje, por empresa.",
        models=("saldos_bancarios",),
        query="""
select coalesce(nome_unico, 'Empresa ' || codigo_empresa) as empresa, sum(valor) as saldo
from marts.indicadores
left join marts.dim_empresa using (codigo_empresa)
where indicador = 'saldo_bancos'{filters}
group by codigo_empresa, nome_unico
order by saldo desc, empresa""",
        columns=(Part("empresa", "Empresa", "texto"), Part("saldo", "Saldo", "reais")),
        chart="rows",
        drawn=("saldo",),
        number=Number("Saldo", "reais", ("saldo",)),
        by=("company",),
    ),
)
