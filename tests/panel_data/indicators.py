"""Indicators: the numbers of the marts and of the ready questions, whole and in parts."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from sienge_panel.indicators import INDICATORS

from testing.pipeline import ROOT
from tests.marts import cents
from tests.panel_data.asking import EVER, figures, total, visitor

if TYPE_CHECKING:
    from testing.truth import Row
    from tests.panel import Panel


def question(panel: Panel, name: str) -> list[Row]:
    return panel.line.query((ROOT / "bi" / "consultas" / f"{name}.sql").read_text("utf-8"))


def by(found: list[Row], key: str, value: str) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in found:
        sums[str(row[key])] += Decimal(str(row[value] or 0))
    return {name: cents(amount) for name, amount in sums.items() if amount}


def mart(panel: Panel, *names: str) -> Decimal:
    wanted = ", ".join(f"'{name}'" for name in names)
    (row,) = panel.line.query(
        f"select coalesce(sum(valor), 0) as it from marts.indicadores where indicador in ({wanted})"
    )
    return cents(row["it"])


def shown(panel: Panel, found: list[Row], official: str) -> list[Row]:
    """Add the name that the panel and Power BI show in place of the official one."""
    names = "select nome_empreendimento, nome_unico from marts.dim_empreendimento"
    known = {row["nome_empreendimento"]: row["nome_unico"] for row in panel.line.query(names)}
    return [row | {"shown": known[row[official]]} for row in found]


def test_panel_mart_and_ready_questions_give_the_same_numbers(panel: Panel) -> None:
    sales, ready = figures(panel, "vendas"), question(panel, "vendas_por_mes")
    assert by(sales, "mes", "valor") == by(ready, "mes", "valor_vendido")
    assert total(sales, "valor") == mart(panel, "vendas_valor") > 0
    assert total(sales, "contratos") == mart(panel, "vendas_quantidade")
    undone, ready = figures(panel, "distratos"), question(panel, "distratos")
    assert total(undone, "contratos") == total(ready, "contratos") > 0
    assert total(undone, "valor") == total(ready, "valor_distratos")
    assert total(undone, "valor") == mart(panel, "distratos_valor")
    speed, ready = figures(panel, "vso"), question(panel, "velocidade_vendas")
    assert by(speed, "empreendimento", "vso") == by(
        shown(panel, ready, "nome_empreendimento"), "shown", "vso_12_meses_percentual"
    )
    assert total(speed, "vendas") == mart(panel, "vendas_12_meses") > 0
    assert total(speed, "disponiveis") == mart(panel, "unidades_disponiveis")
    units, ready = figures(panel, "unidades"), question(panel, "estoque_por_tipo")
    assert total(units, "unidades") == total(ready, "unidades") == mart(panel, "unidades") > 0
    late, ready = figures(panel, "vencido"), question(panel, "inadimplencia_por_idade")
    assert total(late, "valor") == total(ready, "total") == mart(panel, "vencido") > 0
    ready = question(panel, "taxa_inadimplencia")
    months = sorted(str(row["mes"])[:7] for row in ready)
    rate = figures(panel, "inadimplencia", f"since={months[0]}&until={months[-1]}")
    assert by(rate, "mes", "taxa") == by(ready, "mes", "taxa_percentual")
    assert total(rate, "aberto") == total(ready, "saldo_em_aberto") > 0
    due, ready = figures(panel, "a_receber"), question(panel, "recebimentos_previstos")
    assert by(due, "mes", "valor") == by(ready, "mes", "saldo")
    done = figures(panel, "caixa_realizado")
    assert total(done, "entradas") == mart(panel, "entradas") > 0
    assert total(done, "saidas") == mart(panel, "saidas") > 0
    ahead, ready = figures(panel, "caixa_previsto"), question(panel, "fluxo_caixa_12_meses")
    for way in ("entradas", "saidas"):
        assert by(ahead, "mes", way) == by(ready, "mes", way)
    owed, ready = figures(panel, "a_pagar_30_dias"), question(panel, "contas_a_pagar_30_dias")
    parts = ("autorizado", "sem_autorizacao", "previsao")
    assert total(owed, *parts) == total(ready, "saldo") > 0
    works = figures(panel, "orcado_realizado")
    ready = shown(panel, question(panel, "orcado_realizado"), "obra")
    assert by(works, "empreendimento", "orcado") == by(ready, "shown", "orcado")
    assert by(works, "empreendimento", "realizado") == by(ready, "shown", "apropriado")
    cash, ready = figures(panel, "saldo_bancos"), question(panel, "saldos_bancarios")
    assert total(cash, "saldo") == total(ready, "saldo_conta") == mart(panel, "saldo_bancos") != 0


def test_every_indicator_tells_its_query_its_freshness_and_its_file(panel: Panel) -> None:
    assert 8 <= len(INDICATORS) <= 12
    for indicator in INDICATORS:
        found = visitor(panel).read(f"/api/indicators/{indicator.id}?{EVER}")
        assert found["fresh"], indicator.id
        told = [[None if v is None else str(v) for v in r.values()]
                for r in panel.line.query(found["query"])]  # fmt: skip
        assert len(told) == len(found["rows"]) > 0
        for row, expected in zip(found["rows"], told, strict=True):
            for value, text in zip(row, expected, strict=True):
                same = float(text or 0) == value if isinstance(value, float) else text == value
                assert same, indicator.id
        answer = visitor(panel).ask("GET", f"/api/indicators/{indicator.id}/data.csv?{EVER}")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == len(found["rows"]) + 1
        assert lines[0].split(";") == [part.title for part in indicator.columns]


def test_the_parts_of_an_indicator_make_its_whole(panel: Panel) -> None:
    told = visitor(panel).read("/api/indicators")
    assert len(told["companies"]) > 1
    whole_of = {
        "vendas": "valor",
        "distratos": "contratos",
        "vso": "vendas",
        "unidades": "unidades",
    }
    for name, column in (whole_of | {"orcado_realizado": "realizado"}).items():
        whole = total(figures(panel, name), column)
        for kind, things in (("company", told["companies"]), ("development", told["developments"])):
            parts = [
                total(figures(panel, name, f"{EVER}&{kind}={thing['code']}"), column)
                for thing in things
            ]
            assert sum(parts) == whole > max(parts), (name, kind)
    assert figures(panel, "vendas", "since=1990-01&until=1990-02") == []
    for bad in ("since=2026-13", "company=x", "until=2026-01'"):
        assert visitor(panel).ask("GET", f"/api/indicators/vendas?{bad}").status_code == 422
