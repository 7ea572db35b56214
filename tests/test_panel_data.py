"""What the panel shows of the data: tables, files and indicators, and what it keeps hidden."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from zipfile import ZipFile

import psycopg
import pytest
from playwright.sync_api import Page, expect
from sienge_panel import catalog, preview
from sienge_panel.catalog import PERSONAL
from sienge_panel.choice import TABLES
from sienge_panel.indicators import BY_ID, INDICATORS
from sienge_panel.preview import SAMPLE, Op, Wish
from sienge_panel.settings import Settings
from sienge_simulator import testing

from testing.pipeline import FEWER, ROOT, running_line
from tests.marts import cents
from tests.panel import Browser, Panel, running_panel
from tests.test_panel_page import (  # noqa: F401, the fixtures are used by their names
    AXE,
    MISSING,
    chromium,
    heading,
    open_page,
    press,
)
from tests.test_transform import build, selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.truth import Row

READ = (
    *("companies", "enterprises", "customers", "customer_types", "creditors", "units", "bills"),
    *("sales_contracts", "bulk_income", "bulk_outcome", "accounts_statements"),
    *("accounts_balances", "bulk_building_cost_estimation_items"),
)
QUICK = ("--exclude-resource-type", "test", "unit_test", "exposure")
WHISPER = "fale com maria@exemplo.com.br ou (11) 91234-5678, CPF 123.456.789-09"
FORMULAS = ("=1+1", "@SUM(A1)", "+55", "-2+3", "\t=1")
EVER = "since=1990-01&until=2099-12"
IN_BROWSER = pytest.mark.skipif(bool(MISSING), reason=f"falta {' e '.join(MISSING)}")
LOOKS = [("light", 1280), ("dark", 1280), ("light", 360)]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Land and build what the indicators read; one panel for all tests here."""
    folder = tmp_path_factory.mktemp("dados")
    with running_line(folder, *FEWER) as line:
        line.run(TAP_SIENGE__SELECT=selection(*READ))
        execute(
            line.database,
            f"update sienge.bills set notes = '{WHISPER}' where id = 1",
            *(
                f"update sienge.creditors set state_registration_number = '{text}' where id = {n}"
                for n, text in enumerate(FORMULAS, 1)
            ),
            "alter table sienge.customers add column apelido text default 'só nosso'",
        )
        build(line, "path:seeds", "path:empresa", "path:models", *QUICK)
        (line.project / "transform").unlink()  # a run builds no more
        with running_panel(line, folder / "painel.log") as started:
            given = {"subdomain": line.simulator.config["subdomain"]}
            given |= dict(zip(("username", "password"), testing.USER, strict=True))
            assert started.browser().ask("PUT", "/api/credentials", json=given).ok
            yield started


@pytest.fixture
def shown(panel: Panel) -> Iterator[None]:
    """Let personal data be seen."""
    visitor = panel.browser()
    assert visitor.ask("PUT", "/api/personal", json={"shown": True}).json() == {"shown": True}
    yield
    assert visitor.ask("PUT", "/api/personal", json={"shown": False}).json() == {"shown": False}


def execute(database: str, *statements: str) -> None:
    with psycopg.connect(database) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@cache
def visitor(panel: Panel) -> Browser:
    """Somebody who came in once."""
    return panel.browser()


def rows(panel: Panel, table: str, query: str = "") -> list[dict[str, str | None]]:
    found = visitor(panel).read(f"/api/tables/{table}/rows?{query}")
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def refused(panel: Panel, path: str) -> str:
    answer = visitor(panel).ask("GET", path)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


def file(panel: Panel, table: str) -> tuple[bytes, list[dict[str, str]]]:
    answer = visitor(panel).ask("GET", f"/api/tables/{table}/data.csv")
    assert answer.ok
    text = answer.content.decode("utf-8-sig")
    return answer.content, list(csv.DictReader(io.StringIO(text), delimiter=";"))


def sheet(panel: Panel, table: str) -> list[dict[str, tuple[str, str]]]:
    """Give the rows, each cell as its type and text by its column; none may hold a formula."""
    answer = visitor(panel).ask("GET", f"/api/tables/{table}/data.xlsx")
    assert answer.ok, answer.text
    with ZipFile(io.BytesIO(answer.content)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314, ours
    assert not root.findall(".//{*}f")
    header, *found = [
        {str(c.get("r")).rstrip("0123456789"): c for c in row.findall("{*}c")}
        for row in root.findall(".//{*}row")
    ]
    names = {place: "".join(cell.itertext()) for place, cell in header.items()}
    return [
        {names[at]: (c.get("t", "n"), "".join(c.itertext())) for at, c in row.items()}
        for row in found
    ]


# What a table is


def test_a_table_says_what_it_is_and_who_uses_it(panel: Panel) -> None:
    about = visitor(panel).read("/api/tables/customers/about")
    assert (about["title"], about["paths"]) == ("Clientes", ["/v1/customers"])
    assert "marts" not in about["models"]
    assert "dim_cliente" in about["models"]
    told = {column["name"]: column for column in about["columns"]}
    assert told["cpf"] == {
        "name": "cpf", "title": "CPF", "kind": "texto",
        "personal": True, "hidden": True, "indexed": False,
    }  # fmt: skip
    assert told["id"]["indexed"]
    assert not told["person_type"]["personal"]
    assert told["apelido"]["hidden"]  # nobody knows what a company keeps there
    there = {row["column_name"] for row in panel.line.query(
        "select column_name from information_schema.columns"
        " where (table_schema, table_name) = ('sienge', 'customers')"
    )}  # fmt: skip
    assert told.keys() == {name for name in there if not name.startswith("_sdc_")} | {
        "_sdc_deleted_at",
        "_sdc_extracted_at",
        "_sdc_inserted_at",
    }
    unread = visitor(panel).read("/api/tables/hooks/about")
    assert unread["columns"]
    assert refused(panel, "/api/tables/hooks/rows").startswith("Esta tabela ainda não está")


def test_only_tables_of_sienge_can_be_read(panel: Panel) -> None:
    execute(panel.line.database, "create table if not exists sienge.segredos (nome text)")
    for table in ("pg_authid", "segredos", "segredo", "sync_log", "customers%22", "Customers"):
        for path in ("about", "rows", "history", "changes", "data.csv", "data.xlsx"):
            assert visitor(panel).ask("GET", f"/api/tables/{table}/{path}").status_code == 404
        assert visitor(panel).post(f"/api/tables/{table}/again").status_code == 404
    assert visitor(panel).ask("GET", "/api/indicators/segredo").status_code == 404


# Personal data


def test_personal_data_are_masked_and_tell_nothing_by_filter_or_order(panel: Panel) -> None:
    people = panel.line.query("select name, cpf, addresses, _extra from sienge.customers")
    first = rows(panel, "customers")
    personal = {"name", "cpf", "email", "phones", "addresses", "birth_date", "apelido"}
    assert len(first) == 50
    for row in first:
        assert {row[name] for name in personal} <= {"•••", None}
    assert {row["person_type"] for row in first} <= {"F", "J"}
    content, _ = file(panel, "customers")
    book = json.dumps(sheet(panel, "customers"), ensure_ascii=False)
    for person in people:
        for secret in (person["name"], person["cpf"]):
            assert not secret or secret not in content.decode() + book
    for wish in ("sort=cpf", "column=cpf&op=from&value=5", "column=name&op=contains&value=a"):
        assert "está mascarada" in refused(panel, f"/api/tables/customers/rows?{wish}")


def test_what_is_personal_in_the_midst_of_a_text_is_masked(panel: Panel) -> None:
    (bill,) = rows(panel, "bills", "column=id&op=eq&value=1")
    assert bill["notes"] == "fale com ••• ou •••, CPF •••"
    content, found = file(panel, "bills")
    assert b"maria@" not in content
    assert next(row for row in found if row["id"] == "1")["notes"] == bill["notes"]
    assert rows(panel, "bills", "column=notes&op=contains&value=maria@") == []


@pytest.mark.usefixtures("shown")
def test_who_owns_the_panel_may_let_them_be_seen(panel: Panel) -> None:
    (person,) = panel.line.query("select id, name, cpf from sienge.customers order by id limit 1")
    (row,) = rows(panel, "customers", f"column=id&op=eq&value={person['id']}")
    assert (row["name"], row["cpf"]) == (person["name"], person["cpf"])
    assert person["name"] in file(panel, "customers")[0].decode()
    assert rows(panel, "customers", f"column=name&op=contains&value={person['name']}")


# Filter and order


def test_rows_are_filtered_and_sorted(panel: Panel) -> None:
    ids = [int(row["id"] or 0) for row in rows(panel, "bills", "sort=id&down=true")]
    (most,) = panel.line.query("select max(id) as it from sienge.bills")
    assert ids == list(range(most["it"], most["it"] - 50, -1))
    between = rows(panel, "bills", "column=issue_date&op=from&value=01/06/2025&sort=issue_date")
    dates = [row["issue_date"] or "" for row in between]
    assert dates == sorted(dates)
    assert dates[0] >= "2025-06-01"
    (bill,) = panel.line.query("select * from sienge.bills order by id limit 1")
    amount = f"{bill['total_invoice_amount']:,.2f}".translate(str.maketrans(",.", ".,"))
    same = rows(panel, "bills", f"column=total_invoice_amount&op=eq&value={amount}")
    assert str(bill["id"]) in [row["id"] for row in same]
    assert rows(panel, "bills", "column=document_number&op=contains&value=%25") == []


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("column=id&op=eq&value=doze", "que é inteiro: use, por exemplo, 123"),
        ("column=issue_date&op=from&value=31/02/2026", "que é data: use, por exemplo, 31/01/2026"),
        ("column=links&op=eq&value=x", "que é jsonb"),
        ("sort=id%3B%20drop%20table%20x", "não tem a coluna"),
        ("column=id)%20or%20true--&value=1", "não tem a coluna"),
        ("column=_sdc_sequence&value=1", "não tem a coluna"),
    ],
)
def test_what_makes_no_sense_is_said(panel: Panel, wish: str, sentence: str) -> None:
    assert sentence in refused(panel, f"/api/tables/bills/rows?{wish}")


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in plan:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part)


@pytest.mark.parametrize(
    ("column", "op", "sort", "served"),
    [
        ("", "eq", "", True),
        ("", "eq", "id", True),
        ("id", "from", "", True),
        ("id", "eq", "id", True),
        ("", "eq", "note", False),
        ("note", "contains", "", False),
        ("id", "eq", "note", False),
    ],
)
def test_the_first_rows_never_cost_a_look_at_the_whole_table(
    panel: Panel,
    column: str,
    op: Op,
    sort: str,
    served: bool,
) -> None:
    many = 4 * SAMPLE
    settings = Settings.read(panel.env)
    with psycopg.connect(panel.line.database) as connection:
        connection.execute("create schema grande")
        connection.execute("create table grande.customers (id bigint primary key, note text)")
        connection.execute(
            "insert into grande.customers select n, md5(n::text) from generate_series(1, %s) n",
            [many],
        )
        connection.execute("analyze grande.customers")
        named = settings.model_copy(
            update={"env": {**settings.env, "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": "grande"}}
        )
        found = catalog.relation(connection, named, "customers", shows=True)
        wish = Wish(
            filter=found.column(column, "filtrar") if column else None,
            op=op,
            value="7",
            sort=found.column(sort, "ordenar") if sort else None,
            down=False,
        )
        assert wish.served == served
        shown, whole = preview.rows(connection, found, wish)
        assert (len(shown) > 0, whole) == (True, served)
        asked = b"explain (analyze, format json) " + preview.query(found, wish).as_bytes(connection)
        (explained,) = connection.execute(asked, wish.values).fetchall()
        looked = [scan["Actual Rows"] for scan in scans(explained[0][0]["Plan"])]
        assert looked
        assert max(looked) <= (preview.SHOWN if served else SAMPLE)
        connection.rollback()


# Files


def test_a_file_is_whole_and_opens_in_excel_as_it_should(panel: Panel) -> None:
    content, found = file(panel, "bills")
    assert content.startswith(b"\xef\xbb\xbfid;")
    there = {str(row["id"]): row for row in panel.line.query("select * from sienge.bills")}
    assert {row["id"] for row in found} == there.keys()
    for row in found:
        amount = there[row["id"]]["total_invoice_amount"]
        assert Decimal(row["total_invoice_amount"].replace(",", ".")) == amount
        assert row["issue_date"] == str(there[row["id"]]["issue_date"])
    amounts = [row["total_invoice_amount"] for row in sheet(panel, "bills")]
    assert {kind for kind, _ in amounts} == {"n"}
    assert sorted(cents(text) for _, text in amounts) == sorted(
        bill["total_invoice_amount"] for bill in there.values()
    )


def test_no_text_becomes_a_formula(panel: Panel) -> None:
    _, found = file(panel, "creditors")
    by_id = {row["id"]: row["state_registration_number"] for row in found}
    cells = {
        row["id"][1]: row["state_registration_number"]
        for row in sheet(panel, "creditors")
        if "state_registration_number" in row
    }
    for number, text in enumerate(FORMULAS, 1):
        assert by_id[str(number)] == f"'{text}"
        kind, written = cells[str(number)]
        assert (kind, written.strip()) == ("inlineStr", text.strip())


# History


def test_the_reads_of_thirty_days_are_told(panel: Panel) -> None:
    told = visitor(panel).read("/api/tables/customers/history")
    (read,) = panel.line.query("select * from sienge.sync_log where stream = 'customers'")
    assert [(r["status"], r["rows"], r["requests"]) for r in told["reads"]] == [
        ("ok", read["rows"], read["requests"])
    ]
    assert told["full_cost"] == read["requests"]
    for _ in range(200):
        days = visitor(panel).read("/api/tables/customers/changes")["days"]
        if days is not None:
            break
        time.sleep(0.1)
    assert [(day["new"], day["deleted"]) for day in days] == [(read["rows"], 0)]


def test_a_table_is_read_again_as_a_whole(panel: Panel) -> None:
    expected = len(panel.line.simulator.truth("customer_types"))
    execute(panel.line.database, "update sienge.customer_types set description = 'velho'")
    run = visitor(panel).post("/api/tables/customer_types/again").json()["run"]
    assert visitor(panel).post("/api/tables/customer_types/again").status_code == 409
    visitor(panel).ask("GET", f"/api/runs/{run}/events")
    for _ in range(600):
        found = panel.line.query("select description from sienge.customer_types")
        if len(found) == expected and not visitor(panel).read("/api/status")["running"]:
            break
        time.sleep(0.5)
    assert len(found) == expected
    assert {row["description"] for row in found} != {"velho"}
    last = visitor(panel).read("/api/tables/customer_types/history")["reads"]
    assert [(read["status"], read["extent"]) for read in last][-1] == ("ok", "full")


def test_a_table_is_not_emptied_without_quota_for_it(panel: Panel) -> None:
    assert visitor(panel).ask("PUT", "/api/credentials", json={"plan": "free"}).ok
    log = "insert into sienge.sync_log (run_id, stream, started_at, status, extent, requests)"
    panel.line.query(f"{log} values ('x', 'units', localtimestamp, 'ok', 'none', 100) returning 1")
    try:
        answer = visitor(panel).post("/api/tables/customers/again")
        assert answer.status_code == 409
        assert "da cota de hoje restam 0" in answer.json()["detail"]
        assert panel.line.landed("customers")
    finally:
        panel.line.query("delete from sienge.sync_log where run_id = 'x' returning 1")
        assert visitor(panel).ask("PUT", "/api/credentials", json={"plan": ""}).ok


# Indicators


def figures(panel: Panel, name: str, query: str = EVER) -> list[Row]:
    found = visitor(panel).read(f"/api/indicators/{name}?{query}")
    names = [part.name for part in BY_ID[name].columns]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def question(panel: Panel, name: str) -> list[Row]:
    return panel.line.query((ROOT / "bi" / "consultas" / f"{name}.sql").read_text("utf-8"))


def total(found: list[Row], *names: str) -> Decimal:
    return cents(sum(Decimal(str(row[name] or 0)) for row in found for name in names))


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
        ready, "nome_empreendimento", "vso_12_meses_percentual"
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
    works, ready = figures(panel, "orcado_realizado"), question(panel, "orcado_realizado")
    assert by(works, "empreendimento", "orcado") == by(ready, "obra", "orcado")
    assert by(works, "empreendimento", "realizado") == by(ready, "obra", "apropriado")
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


# The pages


def everything(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("summary").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    for summary in page.locator("summary").all():
        summary.click()


@IN_BROWSER
@pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=str)
def test_every_page_of_the_data_is_accessible(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
    scheme: str,
    width: int,
) -> None:
    execute(
        panel.line.database,
        "insert into sienge.rejected_rows (run_id, position, stream, reason, rejected_at, record)"
        " values ('y', 1, 'customers', 'não é um objeto', localtimestamp, '{}')"
        " on conflict do nothing",
    )
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ("/indicadores/", "/tabelas/?t=customers", "/configuracoes/", "/tabelas/"):
        if path == "/tabelas/":
            page.goto(path)
            expect(page.get_by_role("region", name="Tabelas")).to_be_visible()
        else:
            everything(page, path)
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run()")["violations"]
        assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@IN_BROWSER
def test_a_table_has_a_page(panel: Panel, open_page: Callable[..., Page]) -> None:  # noqa: F811
    page = open_page("/tabelas/")
    page.get_by_role("searchbox").fill("clientes")
    page.get_by_role("link", name="Clientes", exact=True).click()
    heading(page, "Clientes")
    expect(page).to_have_title(re.compile("Clientes"))
    expect(page.get_by_text("/v1/customers", exact=True)).to_be_visible()
    table = page.get_by_role("region", name="Linhas da tabela")
    expect(table.get_by_role("row")).to_have_count(51)
    expect(table.get_by_text("•••").first).to_be_visible()
    page.get_by_role("combobox", name="Coluna").select_option("id")
    page.get_by_label("Condição").select_option("eq")
    page.get_by_label("Valor").fill("7")
    press(page, "Filtrar")
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_label("Valor").fill("sete")
    press(page, "Filtrar")
    expect(page.get_by_text("que é inteiro: use, por exemplo, 123")).to_be_visible()
    for ending in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Baixar {ending}").click()
        assert download.value.suggested_filename in {"customers.csv", "customers.xlsx"}
    button = page.get_by_role("button", name="Ler de novo por inteiro")
    expect(button).to_be_disabled()
    page.get_by_label("Entendi: esvaziar e ler tudo").check()
    expect(button).to_be_enabled()
    cost = visitor(panel).read("/api/tables/customers/history")["full_cost"]
    expect(button).to_contain_text(f"({cost} req.)")


@IN_BROWSER
def test_indicators_follow_the_filters(panel: Panel, open_page: Callable[..., Page]) -> None:  # noqa: F811
    company = visitor(panel).read("/api/indicators")["companies"][0]
    page = open_page("/indicadores/")
    card = page.get_by_role("region", name="Unidades por situação")
    whole = total(figures(panel, "unidades"), "unidades")
    expect(card.locator(".figure")).to_have_text(f"{int(whole)}")
    page.get_by_label("Empresa").select_option(str(company["code"]))
    part = total(figures(panel, "unidades", f"company={company['code']}"), "unidades")
    assert 0 < part < whole
    expect(card.locator(".figure")).to_have_text(f"{int(part)}")
    expect(card.get_by_role("img", name="Gráfico")).to_be_visible()
    card.get_by_text("A consulta").click()
    expect(card.locator("pre")).to_contain_text(f"codigo_empresa = {company['code']}")
    card.get_by_text("Os números").click()
    expect(card.get_by_role("rowheader", name="Disponível")).to_be_visible()
    page.get_by_label("Empreendimento").select_option(index=1)
    flow = page.get_by_role("region", name="Fluxo de caixa previsto")
    expect(flow).to_contain_text("sem separar por empreendimento")
    with page.expect_download() as download:
        card.get_by_role("link", name="Baixar em CSV").click()
    assert download.value.suggested_filename == "unidades.csv"


@IN_BROWSER
def test_many_tables_stay_within_a_screen(panel: Panel, open_page: Callable[..., Page]) -> None:  # noqa: F811
    names = [name for name in TABLES if name not in READ][:150]
    values = ", ".join(f"('z', '{name}', localtimestamp, 'skipped', 'none', 1)" for name in names)
    log = "insert into sienge.sync_log (run_id, stream, started_at, status, extent, requests)"
    execute(panel.line.database, f"{log} values {values}")
    try:
        page = open_page("/tabelas/", viewport={"width": 360, "height": 740})
        expect(page.get_by_role("button", name=re.compile("Financeiro"))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.body.scrollHeight") < 3 * 740
        page.get_by_role("region", name="Tabelas").evaluate("it => it.scrollTo(0, 9999)")
        expect(page.get_by_role("columnheader", name="Registros")).to_be_in_viewport()
        expect(page.get_by_role("searchbox")).to_be_in_viewport()
        page.get_by_role("button", name=re.compile("^Sem permissão 150")).click()
        page.get_by_label("Escolher todas as mostradas").check()
        expect(page.get_by_role("button", name="Sincronizar 150 agora")).to_be_in_viewport()
        page.get_by_role("searchbox").fill("não há")
        expect(page.get_by_text("Nenhuma tabela com “não há”")).to_be_visible()
    finally:
        execute(panel.line.database, "delete from sienge.sync_log where run_id = 'z'")


@IN_BROWSER
def test_personal_data_are_shown_and_hidden_in_the_settings(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/configuracoes/")
    box = page.get_by_label("Mostrar os dados pessoais a quem entra no painel")
    box.click()
    expect(page.get_by_text("Os dados pessoais aparecem.")).to_be_visible()
    kept = panel.line.query(f"select valor from painel.ajuste where nome = '{PERSONAL}'")
    assert kept == [{"valor": True}]
    box.click()
    expect(page.get_by_text("Os dados pessoais estão mascarados.")).to_be_visible()
    page.get_by_text("Escolher tabelas uma a uma").click()
    one = page.get_by_role("listitem").filter(has_text="Tipos de cliente")
    expect(one.first).to_contain_text("Primeira vez")
