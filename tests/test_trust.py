"""What counts as money, and whether the numbers agree: said by the company, shown in the panel."""

from __future__ import annotations

import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect, sync_playwright
from sienge_panel.pipeline import BUILT, ROUND_ONLY, in_rounds
from sienge_panel.runner import ROUND, TRIGGER, Runner

from testing.pipeline import FEWER, ROOT, running_line
from tests.marts import cents
from tests.panel import Panel, running_panel
from tests.test_panel_page import CHROMIUM, MISSING, PATIENCE, assert_accessible, press
from tests.test_transform import build, selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.pipeline import Line

MELTANO = str(Path(sys.executable).parent / "meltano")
GOODS = "Por Bens"
NEW = "Acerto de contas"
READ = ("companies", "enterprises", "sales_contracts", "bulk_income", "bulk_outcome")
CSV = "codigo,nome,recebimento,pagamento,situacao\n"
QUICK = ("--exclude-resource-type", "test", "unit_test", "exposure")
RESULTS = ("tipos_baixa_vigentes", "fato_baixas", "fato_parcelas_receber", "codigos_desconhecidos")


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Build the models on settlements of which one kind is unknown, in a project of its own."""
    folder = tmp_path_factory.mktemp("confianca")
    with running_line(folder, *FEWER) as line:
        (line.project / "transform").unlink()
        shutil.copytree(ROOT / "transform", line.project / "transform")
        line.run(TAP_SIENGE__SELECT=selection(*READ))
        line.query(
            f"""update sienge.bulk_income set receipts = replace(
                replace(receipts::text, '"Devolução"', '"{NEW}"'), '"Outros"', '"{NEW}"'
            )::jsonb returning 1"""
        )
        build(line, "path:seeds", "path:empresa", "path:models", *QUICK)
        with running_panel(line, folder / "painel.log") as started:
            yield started


@pytest.fixture
def line(panel: Panel) -> Iterator[Line]:
    """Give the line as it was, whatever a test has changed."""
    yield panel.line
    rules(panel.line).write_text(CSV, encoding="utf-8")
    panel.line.query("delete from painel.ajuste where nome = 'tipos_baixa' returning 1")
    panel.line.query("delete from marts.tipos_baixa_vigentes where origem <> 'Padrão' returning 1")


def rules(line: Line) -> Any:  # noqa: ANN401, a path
    return line.project / "transform" / "empresa" / "tipos_baixa_empresa.csv"


def received(line: Line) -> Decimal:
    (row,) = line.query("select sum(valor_recebido) as value from marts.fato_parcelas_receber")
    return cents(row["value"])


def settled(line: Line, *names: str) -> Decimal:
    """Sum, in Python, what was settled by kinds, in installments that are not paid in goods."""
    return sum(
        (
            cents(part["netAmount"])
            for row in line.query("select receipts, payment_term from sienge.bulk_income")
            if row["payment_term"]["id"] != "PE"
            for part in row["receipts"] or []
            if part["operationTypeName"] in names
        ),
        Decimal(0),
    )


def test_differences_and_unknown_codes_are_told(panel: Panel) -> None:
    told = panel.browser().read("/api/trust")
    assert [check for check in told["checks"] if check["different"]] == []
    assert {check["name"] for check in told["checks"]} >= {"O caixa das parcelas é o das baixas"}
    assert [(doubt["title"], doubt["code"]) for doubt in told["doubts"]] == [
        ("Parcelas a receber", NEW)
    ]
    unread = {gap["table"]: gap["models"] for gap in told["gaps"]}
    assert "saldos_bancarios" in unread["accounts_balances"]
    assert "bulk_income" not in unread


def kinds(panel: Panel) -> dict[str, dict[str, Any]]:
    return {kind["name"]: kind for kind in panel.browser().read("/api/settlements")}


def say(panel: Panel, *meanings: tuple[int | None, str, str, str]) -> Any:  # noqa: ANN401
    names = ("code", "name", "receipts", "payments")
    body = {"kinds": [dict(zip(names, meaning, strict=True)) for meaning in meanings]}
    return panel.browser().ask("PUT", "/api/settlements", json=body)


def test_a_kind_that_the_company_s_file_says_is_cash_counts_as_received(line: Line) -> None:
    before, goods = received(line), settled(line, GOODS)
    assert goods
    rules(line).write_text(f"{CSV}11,{GOODS},caixa,sem caixa,Quitada\n", encoding="utf-8")
    build(line, "path:empresa", *RESULTS, *QUICK)
    assert received(line) == before + goods
    rules(line).write_text(CSV, encoding="utf-8")
    build(line, "path:empresa", *RESULTS, *QUICK)
    assert received(line) == before


def test_what_is_cash_is_said_in_the_panel_and_counts_from_the_next_build_on(
    panel: Panel, line: Line
) -> None:
    first, *others = panel.browser().read("/api/settlements")
    assert (first["name"], first["receipts"], first["said_by"]) == (NEW, None, None)
    assert first["rows"] == len(
        line.query(f"select 1 as one from marts.fato_baixas where tipo_baixa = '{NEW}'")
    )
    assert {kind["said_by"] for kind in others} == {"Padrão"}
    before, more = received(line), settled(line, NEW, GOODS)

    answer = say(
        panel, (None, NEW, "caixa", "sem caixa"), (11, f" {GOODS.upper()}", "caixa", "sem caixa")
    )
    assert answer.ok, answer.text
    assert received(line) == before
    panel.stop()
    panel.start()  # as a container does
    build(line, *RESULTS, *QUICK)
    assert received(line) == before + more
    found = kinds(panel)
    assert (found[NEW]["said_by"], found[GOODS]["receipts"]) == ("Painel", "caixa")
    assert line.query("select * from marts.codigos_desconhecidos") == []

    assert say(panel, (11, GOODS, "sem caixa", "sem caixa")).ok  # the default again
    assert kinds(panel)[GOODS]["said_by"] == "Padrão"
    build(line, *RESULTS, *QUICK)
    assert received(line) == before + settled(line, NEW)


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(
    ("meaning", "status", "told"),
    [
        ((None, "Outra coisa", "caixa", "caixa"), 409, "não conhece o tipo de baixa Outra coisa"),
        ((11, GOODS, "dinheiro", "caixa"), 422, "Pedido malformado"),
    ],
    ids=["unknown", "senseless"],
)
def test_what_makes_no_sense_is_not_kept(
    panel: Panel, meaning: tuple[int | None, str, str, str], status: int, told: str
) -> None:
    before = kinds(panel)
    answer = say(panel, (None, "Distrato", "caixa", "caixa"), meaning)
    assert answer.status_code == status
    assert told in answer.json()["detail"]
    assert kinds(panel) == before


@pytest.mark.skipif(bool(MISSING), reason=f"falta {' e '.join(MISSING)}")
def test_the_page_shows_what_differs_and_changes_what_is_cash(panel: Panel, line: Line) -> None:
    (row,) = line.query(
        "update sienge.sales_contracts set value = value + 7 where id = "
        "(select max(codigo_contrato_venda) from marts.fato_vendas) returning id"
    )
    build(line, *RESULTS, "fato_vendas", "conferencia", *QUICK)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(base_url=panel.url, viewport={"width": 360, "height": 800})
        ((name, value),) = panel.browser().cookies.items()
        page.context.add_cookies([{"name": name, "value": value, "url": panel.url}])
        page.goto("/conferencia/")
        check = page.get_by_role("row").filter(has_text="As condições de pagamento somam")
        expect(check).to_contain_text("Difere")
        check.get_by_text("Onde difere").click()
        expect(check).to_contain_text(f"contrato {row['id']}: -R$")
        expect(page.get_by_role("row").filter(has_text="O caixa das parcelas")).to_contain_text(
            "Confere"
        )
        expect(page.get_by_role("listitem").filter(has_text=NEW)).to_contain_text("sem caixa")
        assert_accessible(page)

        page.get_by_role("link", name="Configurações").first.click()
        kind = page.get_by_role("row").filter(has_text=NEW)
        expect(kind).to_contain_text("Desconhecido")
        kind.get_by_label(f"{NEW} é dinheiro, a receber?").select_option("Sim")
        press(page, "Salvar os tipos de baixa")
        expect(page.get_by_text("vale na próxima vez")).to_be_visible()
        expect(kind).to_contain_text("escolhido aqui")
        assert_accessible(page)
        browser.close()
    assert kinds(panel)[NEW]["receipts"] == "caixa"


# A round, on the same models


def a_round(line: Line) -> set[str]:
    """Ask for changed contracts as the scheduler does; give what dbt built."""
    folder = in_rounds(line.project / BUILT)
    results = folder / "run_results.json"
    results.unlink(missing_ok=True)
    runner = Runner(line.project, line.project / "registros", line.project / "trava", [MELTANO])
    own = {"MELTANO_ENVIRONMENT": "demo", ROUND_ONLY: "true", TRIGGER: ROUND}
    env = line.environment | own | {"TAP_SIENGE__SELECT": selection("sales_contracts")}
    run = str(uuid4())
    runner.prepare(run)
    with runner.claim() as lock:
        code = runner.run(run, env, lock.fileno())
    assert code == 0, runner.log(run).read_text()
    if not results.exists():
        return set()
    return {result["unique_id"] for result in json.loads(results.read_bytes())["results"]}


def sources(folder: Path, node: str) -> set[str]:
    """Give the tables that a node is made of, by dbt's own map."""
    parents = json.loads((folder / "manifest.json").read_bytes())["parent_map"]
    above, found = [node], {node}
    while above:
        above = [parent for one in above for parent in parents.get(one, ()) if parent not in found]
        found.update(above)
    return {name.split(".")[-1] for name in found if name.startswith("source.")}


def test_after_a_round_only_what_depends_on_a_change_is_built(line: Line) -> None:
    line.simulator.admin("/change", {"resource": "sales_contracts", "update": 1, "create": 1})
    line.query(
        "insert into sienge.sync_log (run_id, stream, started_at, status) select 'rodada',"
        " 'bulk_income', now() at time zone 'America/Sao_Paulo', 'postponed' returning 1"
    )
    built = a_round(line)
    folder = in_rounds(line.project / BUILT)
    assert {"model.sienge.contratos_venda", "model.sienge.fato_vendas"} <= built
    assert "model.sienge.fato_contas_pagar" not in built
    assert not any(node.startswith(("unit_test.", "exposure.")) for node in built)
    models = [node for node in built if node.startswith("model.")]
    assert [node for node in models if "sales_contracts" not in sources(folder, node)] == []
    truth = {row["id"] for row in line.simulator.truth("sales_contracts")}
    landed = line.query("select codigo_contrato_venda as id from marts.fato_vendas")
    assert {row["id"] for row in landed} == truth
    assert "model.sienge.cobertura" in built
    covered = "select distinct situacao as said from marts.cobertura where tabela = 'bulk_income'"
    assert line.query(covered) == [{"said": "Completa"}]
    trigger = line.query("select trigger from meltano.runs order by started_at desc limit 1")
    assert trigger == [{"trigger": "round"}]
    assert a_round(line) == set()  # the API tells of the same changes again
