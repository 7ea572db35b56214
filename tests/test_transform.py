"""The dbt models on what lands: their totals against the simulator's truth."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sienge_panel.settings import DOCS
from tap_sienge.streams import presets

import bi.project.__main__ as power_bi
from bi.project import sketch, source
from bi.project.model import TYPES
from testing.pipeline import FEWER, ROOT, Line, running_line
from testing.truth import truth
from tests.marts import (
    assert_true_balances,
    assert_true_budget,
    assert_true_measurements,
    assert_true_purchases,
    assert_true_summaries,
    cents,
    forecast,
    overdue,
    printed,
    read,
    settled,
    summed,
    today,
    works_of_bills,
)
from transform import diagram, exposures
from transform.generate import FOLDER, drawn
from transform.manifest import DBT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from testing.truth import Row

REGISTERS = {
    "dim_empresa": "companies",
    "dim_empreendimento": "enterprises",
    "dim_centro_custo": "cost_centers",
    "dim_cliente": "customers",
    "dim_credor": "creditors",
    "dim_unidade": "units",
    "dim_plano_financeiro": "payment_categories",
}
FACTS = ("sales_contracts", "bulk_income", "bulk_outcome", "accounts_statements")

MORE = (
    "purchase_requests",
    "purchase_orders_items",
    "purchase_orders_items_purchase_requests",
    "purchase_orders_items_delivery_schedules",
    "purchase_invoices_items",
    "purchase_invoices_deliveries_attended",
    "supply_contracts_measurements_items",
    "supply_contracts_measurements_clearing",
    "bulk_building_cost_estimation_items",
    "bulk_account_balance",
)
"""What marts read beside the default preset."""

SUPPLY = (
    "purchase_requests_items",
    "purchase_quotations",
    "purchase_orders",
    "purchase_invoices",
    "supply_contracts",
    "supply_contracts_measurements",
)
"""What the marts of purchases and measurements read of the default preset."""

REST = (
    "customer_financial_statements",
    "receivable_bills",
    "bills_installments",
    "closingaccountancy",
    "building_cost_estimations_sheets_items",
    "bills_buildings_cost",
)
"""What marts read where the BULK has nothing."""

TWOFOLD = (
    "fato_parcelas_receber",
    "fato_contas_pagar",
    "fato_extrato",
    "balancete",
    "orcado_realizado",
    "fato_baixas",
)
"""Marts that read the BULK or REST."""

OPTIONAL = (
    "building_projects_progress_logs_items",
    "cost_databases_resources",
    "purchase_orders_items_buildings_appropriations",
    "supply_contracts_items",
    "supply_contracts_items_purchase_requests",
    "supply_contracts_measurements_details",
)
"""What marts read and these tests do not land: no other table gives the same answer."""

FILLED = {"dim_empresa", "dim_data", "cobertura", "tipos_baixa_vigentes"}
"""Marts that have rows also where only companies are read."""

CONTROL = ("rejected_rows", "sync_log")

QUESTIONS = ROOT / "bi" / "consultas"

CANCELLED = {
    "situation": "3",
    "cancellationDate": "2026-03-02",
    "cancellationReason": "Desistência",
    "totalCancellationAmount": 1000.5,
}

CHANGED: list[tuple[str, dict[str, Any]]] = [
    ("customers", {"create": 7, "update": 5, "delete": 2}),
    ("sales_contracts", {"create": 3, "update": 4}),
    ("sales_contracts", {"update": 3, "set": CANCELLED}),
    ("bills", {"create": 6, "update": 5, "delete": 4}),
    ("accounts_statements", {"create": 5, "update": 5, "delete": 5}),
    ("creditors", {"create": 2, "delete": 2}),
    ("purchase_requests", {"create": 2, "update": 2, "delete": 2}),
    ("purchase_orders", {"create": 3, "update": 2, "delete": 2, "set": {"totalAmount": 1234.56}}),
    ("purchase_invoices", {"create": 2, "update": 2, "delete": 2}),
    ("supply_contracts", {"create": 2, "update": 3, "delete": 2}),
    ("closingaccountancy", {"update": 2, "delete": 2, "set": {"debitBalance": 77.01}}),
]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco"), *FEWER) as found:
        yield found


def build(line: Line, *models: str) -> None:
    """Build some models, without the seconds that Meltano takes to call dbt."""
    # A test that compares them with a model which is not built anew would fail.
    line.dbt("build", "--no-write-json", "--indirect-selection=buildable", "--select", *models)


@pytest.fixture(scope="module")
def landed(line: Line) -> Line:
    """Land the default preset and more, build and document, as every day."""
    everything = selection(*presets()["padrao"], *MORE)
    line.meltano("run", "diario", TAP_SIENGE__SELECT=everything)
    return line


@pytest.fixture(scope="module")
def next_day(landed: Line) -> Line:
    """Land what changed, with masked people, the statements of the BULK and the same by REST."""
    for stream, change in CHANGED:
        landed.simulator.admin("/change", {"resource": stream} | change)
    streams = (*FACTS, *REGISTERS.values(), *MORE, *SUPPLY, "bills", "bulk_bank_movement")
    landed.run(
        "--full-refresh",
        TAP_SIENGE__SELECT=selection(*streams),
        TAP_SIENGE_PERSONAL_DATA="mask",
        TAP_SIENGE_PERSONAL_DATA_KEY="uma chave do teste",
    )
    for table in REST:
        put(landed, table)
    build(landed, "path:models/marts", "path:snapshots", *(f"+{mart}" for mart in TWOFOLD))
    return landed


def selection(*streams: str) -> str:
    return json.dumps([f"{stream}.*" for stream in (*streams, *CONTROL)])


def test_the_staging_models_are_what_the_tap_s_schemas_say() -> None:
    found = {path for path in FOLDER.rglob("*") if path.is_file()}
    expected = drawn()
    assert found == expected.keys(), "rode make models"
    for path, text in expected.items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)}: rode make models"


@pytest.mark.parametrize(("folder", "longest"), [("staging", 60), ("marts", 150)])
def test_every_model_is_short(folder: str, longest: int) -> None:
    models = list((FOLDER.parent / folder).rglob("*.sql"))
    assert models
    assert [path.name for path in models if path.read_text("utf-8").count("\n") > longest] == []


def assert_true_statements(line: Line) -> dict[int, Decimal]:
    """Compare the statements with the truth; give each one's signed amount."""
    statements = line.simulator.truth("accounts_statements")
    signed = {
        row["id"]: cents(row["value"]) * (1 if row["type"] == "Income" else -1)
        for row in statements
    }
    parts = line.query(
        "select codigo_movimentacao, codigo_centro_custo, valor from marts.fato_extrato"
    )
    landed: defaultdict[int, Decimal] = defaultdict(Decimal)
    for part in parts:
        landed[part["codigo_movimentacao"]] += part["valor"]
    assert landed == signed
    shares: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row in statements:
        for share in row["budgetCategories"]:
            shares[share["costCenterId"]] += (
                signed[row["id"]] * Decimal(str(share["percentage"])) / 100
            )
    centers: defaultdict[int, Decimal] = defaultdict(Decimal)
    for part in parts:
        centers[part["codigo_centro_custo"]] += part["valor"]
    assert centers.keys() == shares.keys()
    assert all(abs(centers[center] - shares[center]) < len(statements) / 100 for center in shares)
    return signed


def assert_true_totals(line: Line) -> None:
    """Compare the marts with what Python makes of the truth."""
    true = {name: line.simulator.truth(name) for name in (*REGISTERS.values(), *FACTS)}
    for mart, stream in REGISTERS.items():
        assert number(line, f"count(*) from marts.{mart}") == len(true[stream]), mart

    contracts = {row["id"]: row for row in true["sales_contracts"]}
    sold = [row for row in contracts.values() if row["situation"] in {"1", "2"}]
    cancelled = [row for row in contracts.values() if row["situation"] == "3"]
    assert totals(line, "fato_vendas", "valor_contrato", "valor_condicoes", "saldo_aberto") == [
        len(contracts),
        cents(sum(cents(row["value"]) for row in contracts.values())),
        *(
            sum(
                cents(part[name]) for row in contracts.values() for part in row["paymentConditions"]
            )
            for name in ("totalValue", "outstandingBalance")
        ),
    ]
    assert totals(line, "fato_vendas where venda_valida", "valor_contrato") == [
        len(sold),
        sum(cents(row["value"]) for row in sold),
    ]
    assert totals(line, "fato_vendas where situacao = 'Cancelado'", "valor_distrato") == [
        len(cancelled),
        sum(cents(row["totalCancellationAmount"]) for row in cancelled),
    ]

    income, outcome = true["bulk_income"], true["bulk_outcome"]
    for mart, rows, paid in (
        ("fato_parcelas_receber", income, "valor_recebido"),
        ("fato_contas_pagar", outcome, "valor_pago"),
    ):
        columns = ("valor_original", "saldo_bruto", "saldo", paid, "valor_baixado_sem_caixa")
        assert totals(line, mart, *columns) == [
            len(rows),
            sum(cents(row["originalAmount"]) for row in rows),
            sum(cents(row["balanceAmount"]) for row in rows),
            sum(printed(row) for row in rows),
            *(sum(kind) for kind in zip(*map(settled, rows), strict=True)),
        ]
        assert totals(line, f"{mart} where documento_previsao", "saldo") == [
            len([row for row in rows if forecast(row)]),
            sum(printed(row) for row in rows if forecast(row)),
        ]
        late = [row for row in rows if overdue(row)]
        assert totals(line, f"{mart} where situacao = 'Vencida'", "saldo") == [
            len(late),
            sum(printed(row) for row in late),
        ]

    late = [row for row in income if overdue(row) and not forecast(row)]
    assert 0 < len(late) < len(income)
    enterprises = works_of_bills(line)
    owed: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in late:
        owed[enterprises[row["billId"]], row["clientId"]] += cents(row["correctedBalanceAmount"])
    found = line.query("select * from marts.inadimplencia")
    assert {
        (row["codigo_empreendimento"], row["codigo_cliente"]): row["saldo_corrigido"]
        for row in found
    } == owed
    buckets = [name for name in found[0] if name[:3] in {"de_", "mai"} and name[-4:] == "dias"]
    buckets.remove("maior_atraso_dias")
    ages = {name: Decimal(0) for name in buckets}
    for row in late:
        days = (date.fromisoformat(today()) - date.fromisoformat(row["dueDate"])).days
        place = next((i for i, end in enumerate((30, 60, 90, 180, 360)) if days <= end), 5)
        ages[buckets[place]] += printed(row)
    assert all(ages.values())
    assert ages == {name: sum(row[name] for row in found) for name in buckets}

    statements = true["accounts_statements"]
    signed = assert_true_statements(line)
    stock = Counter(row["commercialStock"] for row in true["units"])
    (units,) = line.query(
        "select sum(unidades)::int as unidades, sum(disponiveis)::int as disponiveis, "
        "sum(vendidas)::int as vendidas, sum(vendas_12_meses)::int as recentes "
        "from marts.estoque_unidades"
    )
    year = date.fromisoformat(today())
    year_ago = (year.replace(year=year.year - 1)).isoformat()
    assert units == {
        "unidades": len(true["units"]),
        "disponiveis": stock["D"],
        "vendidas": stock["V"],
        "recentes": sum(year_ago < row["contractDate"] <= today() for row in sold),
    }

    own = [row for row in statements if row["statementType"] not in {"Recebimento", "Pagamento"}]
    assert own
    parts = line.query("select codigo_movimentacao from marts.fato_extrato where entre_contas")
    assert {row["id"] for row in own} <= {row["codigo_movimentacao"] for row in parts}
    assert not {row["id"] for row in statements if row["billId"]} & {
        row["codigo_movimentacao"] for row in parts
    }

    months: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in statements:
        months[row["date"][:7], "Realizado"] += signed[row["id"]]
    for rows, sign in ((income, 1), (outcome, -1)):
        for row in rows:
            if row["balanceAmount"] > 0:
                kind = "Vencido" if overdue(row) else "Previsto"
                kind = "Previsão" if forecast(row) else kind
                months[row["dueDate"][:7], kind] += sign * printed(row)
    assert {
        (row["mes"].isoformat()[:7], row["natureza"]): row["saldo"]
        for row in line.query(
            "select mes, replace(natureza, 'Entre contas', 'Realizado') as natureza, "
            "sum(saldo) as saldo from marts.fluxo_caixa group by 1, 2"
        )
    } == months


def number(line: Line, question: str) -> int:
    (row,) = line.query(f"select {question}")
    return int(row["count"])


def totals(line: Line, mart: str, *columns: str) -> list[Any]:
    """Give the number of rows and the sums of columns."""
    sums = ", ".join(f"sum({name}) as {name}" for name in columns)
    (row,) = line.query(f"select count(*), {sums} from marts.{mart}")
    return list(row.values())


def test_totals_are_true_to_the_cent(landed: Line) -> None:
    assert_true_totals(landed)


def assert_true_works(line: Line) -> None:
    """Compare budget, supply and accounting with the truth, and what sums all of it up."""
    assert_true_budget(line)
    assert_true_purchases(line)
    assert_true_measurements(line)
    assert_true_balances(line)
    assert_true_summaries(line)


def test_budget_and_supply_are_true_to_the_cent(landed: Line) -> None:
    assert_true_works(landed)


def test_every_mart_says_from_which_tables_it_comes_and_that_they_are_there(landed: Line) -> None:
    rows = landed.query("select * from marts.cobertura")
    assert ("inadimplencia", "bulk_income") in {(row["modelo"], row["tabela"]) for row in rows}
    chosen = {*presets()["padrao"], *MORE, *CONTROL}
    assert {row["tabela"] for row in rows} > {*FACTS, *REGISTERS.values(), *MORE}
    for row in rows:
        came = row["tabela"] in chosen
        told = "Completa" if came else "Nunca lida" if row["tabela"] in OPTIONAL else "Dispensada"
        assert (row["existe"], row["disponivel"], row["situacao"]) == (came, came, told), row


def test_every_column_of_the_marts_is_described_in_the_database(landed: Line) -> None:
    columns = landed.query(
        "select table_name, column_name, col_description((table_schema || '.' || table_name)"
        "::regclass, ordinal_position) as told from information_schema.columns "
        "where table_schema in ('marts', 'staging')"
    )
    assert len({row["table_name"] for row in columns}) > 100
    assert [row for row in columns if not row["told"]] == []


def test_every_model_is_described_in_the_database(landed: Line) -> None:
    tables = landed.query(
        "select oid::regclass::text as name, obj_description(oid, 'pg_class') as told "
        "from pg_class where relkind in ('r', 'v') "
        "and relnamespace in ('marts'::regnamespace, 'staging'::regnamespace)"
    )
    assert len(tables) > 100
    assert [row["name"] for row in tables if not row["told"]] == []


def manifest(line: Line) -> dict[str, Any]:
    """Give what dbt knows of the project."""
    path = line.project / ".meltano" / "run" / "dbt-target" / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


EXCEPT = {"codigo", "mes", "numero_documento", "numero_parcela", "quantidade_parcelas"}
"""Columns that are not the same thing in every mart."""


def test_every_mart_promises_its_columns_and_one_name_has_one_type(landed: Line) -> None:
    nodes = manifest(landed)["nodes"].values()
    marts = [n for n in nodes if n["schema"] == "marts" and n["resource_type"] == "model"]
    assert len(marts) > 40
    assert [mart["name"] for mart in marts if not mart["config"]["contract"]["enforced"]] == []
    types: defaultdict[str, set[str]] = defaultdict(set)
    for mart in marts:
        for name, column in mart["columns"].items():
            assert column["description"], (mart["name"], name)
            types[name].add(column["data_type"])
    assert {name for name, found in types.items() if len(found) > 1} == EXCEPT


def test_who_reads_the_models_is_what_the_questions_say(landed: Line) -> None:
    assert exposures.FILE.read_text("utf-8") == exposures.drawn(), "rode make docs"
    found = {node["name"]: node["depends_on"]["nodes"] for node in readers(landed)}
    assert found.keys() == {
        "painel",
        "power_bi",
        *(f"consulta_{path.stem}" for path in QUESTIONS.iterdir()),
    }
    assert [name for name, models in found.items() if not models] == []


def readers(line: Line) -> list[dict[str, Any]]:
    return list(manifest(line)["exposures"].values())


def test_a_question_that_names_a_missing_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "transform", tmp_path / "transform")
    told = exposures.drawn().replace("ref('carteira_receber')", "ref('carteira_que_sumiu')")
    (tmp_path / "transform" / "models" / exposures.FILE.name).write_text(told, encoding="utf-8")
    options = [f"--{name}-path={tmp_path / name}" for name in ("target", "log")]
    options += ["--project-dir=transform", "--profiles-dir=transform"]
    done = subprocess.run(
        [DBT, "parse", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "carteira_que_sumiu" in done.stdout


def test_what_decides_a_number_is_right_in_a_few_rows(landed: Line) -> None:
    expected = manifest(landed)["unit_tests"]
    assert len(expected) > 10
    said = landed.meltano("run", "dbt:unidade")
    assert len(re.findall(r" of \d+ PASS \w+::", said)) == len(expected)


def test_tables_that_are_not_read_any_more_are_late(landed: Line) -> None:
    assert re.search(r"WARN freshness|STALE", landed.meltano("run", "dbt:atraso")) is None
    log = "update sienge.sync_log set finished_at = finished_at {} interval '3 days' "
    landed.query(log.format("-") + "where stream = 'units' returning 1")
    said = landed.meltano("run", "dbt:atraso")
    landed.query(log.format("+") + "where stream = 'units' returning 1")
    assert re.findall(r"(?:WARN|STALE) freshness of sienge\.(\w+)", said) == ["units"]


def test_the_star_is_drawn_as_dbt_knows_it(landed: Line) -> None:
    drawing = diagram.drawn(manifest(landed))
    assert (ROOT / "docs" / "estrela.md").read_text("utf-8") == drawing, "rode make docs"


def test_the_documentation_is_one_page_with_descriptions_and_types(landed: Line) -> None:
    page = (landed.project / DOCS).read_text("utf-8")
    for told in ("Código do contrato de venda", "bigint"):
        assert json.dumps(told) in page


def test_the_project_for_power_bi_is_what_dbt_and_bi_say(landed: Line) -> None:
    manifest = landed.project / ".meltano" / "run" / "dbt-target" / "manifest.json"
    files = power_bi.drawn(json.loads(manifest.read_bytes()))
    found = {path for path in power_bi.FOLDER.rglob("*") if path.is_file()}
    assert found == {power_bi.FOLDER / path for path in files}, "rode make powerbi"
    for path, text in files.items():
        assert (power_bi.FOLDER / path).read_text("utf-8") == text, f"{path}: rode make powerbi"
    for name, text in sketch.pages(files).items():
        assert (power_bi.SKETCHES / name).read_text("utf-8") == text, f"{name}: rode make powerbi"


def test_every_column_of_the_project_for_power_bi_is_in_the_database(landed: Line) -> None:
    columns = landed.query(
        "select table_schema, table_name, column_name, data_type "
        "from information_schema.columns where table_schema in ('marts', 'staging')"
    )
    types = {
        (row["table_schema"], row["table_name"], row["column_name"]): row["data_type"]
        for row in columns
    }
    manifest = landed.project / ".meltano" / "run" / "dbt-target" / "manifest.json"
    tables = source.tables(json.loads(manifest.read_bytes()))
    assert len(tables) > 35
    for table in tables:
        for column in table.columns:
            if not column.dax:
                found = types[table.schema, table.name, column.name]
                assert TYPES[found][0] == TYPES[column.type][0], (table.name, column.name, found)


@pytest.fixture
def office(landed: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Give what an analyst connects to: a database in São Paulo that only answers."""
    settings = {"timezone": "America/Sao_Paulo", "default_transaction_read_only": "on"}
    monkeypatch.setenv("PGOPTIONS", " ".join(f"-c {name}={v}" for name, v in settings.items()))
    return landed


def answer(line: Line, question: str) -> list[Row]:
    return line.query((QUESTIONS / f"{question}.sql").read_text("utf-8"))


def test_every_ready_question_says_what_it_answers_and_answers_it(office: Line) -> None:
    questions = sorted(QUESTIONS.iterdir())
    assert len(questions) >= 20
    for path in questions:
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("-- "), path
        assert "?" in first, path
        assert answer(office, path.stem), path


def test_ready_questions_about_sales_have_true_answers(office: Line) -> None:
    true = {name: office.simulator.truth(name) for name in (*FACTS, "units", "enterprises")}
    names = {row["id"]: row["name"] for row in true["enterprises"]}
    contracts = true["sales_contracts"]
    assert summed(
        ((str(row["mes"])[:7], row["nome_empreendimento"]), row["valor_vendido"])
        for row in answer(office, "vendas_por_mes")
    ) == summed(
        ((row["contractDate"][:7], names[row["enterpriseId"]]), row["value"])
        for row in contracts
        if row["situation"] in {"1", "2"}
    )
    assert summed(
        ((str(row["ano"]), row["motivo_cancelamento"]), row["valor_distratos"])
        for row in answer(office, "distratos")
    ) == summed(
        ((row["cancellationDate"][:4], row["cancellationReason"]), row["totalCancellationAmount"])
        for row in contracts
        if row["situation"] == "3"
    )
    assert Counter(row["nome_unidade"] for row in answer(office, "unidades_disponiveis")) == (
        Counter(row["name"] for row in true["units"] if row["commercialStock"] == "D")
    )
    debts = summed(
        (row["clientId"], row["correctedBalanceAmount"])
        for row in true["bulk_income"]
        if overdue(row) and not forecast(row)
    )
    assert [row["saldo_corrigido"] for row in answer(office, "maiores_devedores")] == (
        sorted(debts.values(), reverse=True)[:20]
    )


def test_ready_questions_about_payments_have_true_answers(office: Line) -> None:
    truth, day = office.simulator.truth, date.fromisoformat(today())
    income, outcome = truth("bulk_income"), truth("bulk_outcome")
    balances = truth("accounts_balances")
    last = max(row["balanceDate"] for row in balances)
    accounts = summed(
        (row["accountNumber"], row["amount"]) for row in balances if row["balanceDate"] == last
    )
    assert accounts == summed(
        (row["numero_conta_corrente"], row["saldo_conta"])
        for row in answer(office, "saldos_bancarios")
    )
    month_end = (day.replace(day=1, year=day.year + 1)).isoformat()
    months = answer(office, "fluxo_caixa_12_meses")
    assert len(months) == 12
    assert months[-1]["saldo_acumulado"] == sum(accounts.values()) + sum(
        sign * printed(row)
        for rows, sign in ((income, 1), (outcome, -1))
        for row in rows
        if row["balanceAmount"] > 0
        if today() <= row["dueDate"] < month_end and not forecast(row)
    )
    assert summed(
        ((row["numero_titulo"], row["codigo_parcela"]), row["saldo"])
        for row in answer(office, "contas_a_pagar_30_dias")
    ) == summed(
        ((row["billId"], row["installmentId"]), printed(row))
        for row in outcome
        if row["balanceAmount"] > 0
        and today() <= row["dueDate"] <= (day + timedelta(30)).isoformat()
    )
    assert summed(
        (row["codigo_corretor"], row["valor_a_pagar"])
        for row in answer(office, "comissoes_a_pagar")
    ) == summed(
        (row["brokerID"], row["value"])
        for row in truth("commissions")
        if row["installmentStatus"] not in {"PAID", "CANCELLED"}
    )
    assert summed(
        ((str(row["ano"]), row["codigo_credor"]), row["valor_pedidos"])
        for row in answer(office, "compras_por_fornecedor")
    ) == summed(
        ((row["date"][:4], row["supplierId"]), row["totalAmount"])
        for row in truth("purchase_orders")
        if row["status"] != "CANCELED"
    )


SOME_DAYS = ("2026-11-30 23:59", "2027-01-01 00:00", "2027-02-28 12:00", "2028-02-29 21:30")


@pytest.mark.parametrize("moment", SOME_DAYS)
def test_a_series_of_twelve_months_has_each_of_them_on_any_day(office: Line, moment: str) -> None:
    """On some days nothing is due any more in the month: ``now()`` is another function here."""
    with psycopg.connect(office.database) as connection:
        connection.read_only = False
        connection.execute("create schema dia")
        connection.execute(
            "create function dia.now() returns timestamptz language sql immutable"
            f" return timestamptz '{moment} America/Sao_Paulo'"
        )
        connection.execute("set local search_path = dia, pg_catalog")
        for question, first in (("fluxo_caixa_12_meses", 0), ("taxa_inadimplencia", -12)):
            asked = (QUESTIONS / f"{question}.sql").read_text("utf-8").encode()
            months = [row[0] for row in connection.execute(asked)]
            this = date.fromisoformat(moment[:10])
            start = this.year * 12 + this.month - 1 + first
            assert months == [date(n // 12, n % 12 + 1, 1) for n in range(start, start + 12)]
        connection.rollback()


def owed(line: Line, moment: str) -> Decimal:
    """Ask what was owed at a moment."""
    (row,) = line.query(
        "select sum(saldo) as saldo from marts.historico_contas_pagar "
        f"where valido_de <= '{moment}' and coalesce(valido_ate, 'infinity') > '{moment}'"
    )
    return cents(row["saldo"])


def test_what_was_owed_before_a_change_is_still_known(
    landed: Line, request: pytest.FixtureRequest
) -> None:
    (seen,) = landed.query("select max(valido_de)::text as at from marts.historico_contas_pagar")
    before = sum(printed(row) for row in landed.simulator.truth("bulk_outcome"))
    assert owed(landed, seen["at"]) == before
    line = request.getfixturevalue("next_day")
    after = sum(printed(row) for row in line.simulator.truth("bulk_outcome"))
    assert owed(line, today() + " 23:59:59.999999") == after != before
    assert owed(line, seen["at"]) == before


def test_totals_are_true_after_changes_and_deletions(next_day: Line) -> None:
    assert_true_totals(next_day)
    assert_true_works(next_day)


def test_an_unknown_code_counts_as_nothing_and_is_told_until_the_company_knows_it(
    next_day: Line,
) -> None:
    def change(*commands: str) -> None:
        with psycopg.connect(next_day.database) as connection:
            for command in commands:
                connection.execute(command)

    moved = "update sienge.bulk_bank_movement set bank_movement_operation_type = '{}' where {}"
    which = "bank_movement_id in (select min(bank_movement_id) from sienge.bulk_bank_movement)"
    (was,) = next_day.query(
        f"select bank_movement_operation_type as code from sienge.bulk_bank_movement where {which}"
    )
    paid = (
        "update sienge.bulk_outcome set payments = replace(payments::text, "
        "'\"{}\"', '\"{}\"')::jsonb"
    )
    change(moved.format("X", which), paid.format("Devolução", "Novidade"))
    chosen = ("fato_extrato+", "tipos_baixa_vigentes+", "cobertura")
    with pytest.raises(AssertionError, match="movimentos_tem_sentido"):
        build(next_day, *chosen)
    parts = next_day.query("select valor from marts.fato_extrato where tipo = 'Desconhecido'")
    assert parts
    assert {part["valor"] for part in parts} == {None}
    doubts = {
        row["tabela"]: row["duvidas"]
        for row in next_day.query("select tabela, duvidas from marts.cobertura")
        if row["duvidas"]
    }
    assert doubts.keys() == {"bulk_bank_movement", "bulk_outcome"}
    assert '"X"' in doubts["bulk_bank_movement"]
    assert "Novidade" in doubts["bulk_outcome"]
    new = (
        "select distinct caixa, tipo_conhecido from marts.fato_baixas where tipo_baixa = 'Novidade'"
    )
    assert next_day.query(new) == [{"caixa": False, "tipo_conhecido": False}]
    change(
        moved.format(was["code"], which),
        "insert into marts.tipos_baixa_empresa values (null, 'novidade ', '', 'caixa', 'Quitada')",
    )
    build(next_day, *chosen)
    known = new.replace("= 'Novidade'", "= 'novidade '")
    assert next_day.query(known) == [{"caixa": True, "tipo_conhecido": True}]
    assert next_day.query("select * from marts.codigos_desconhecidos") == []
    change(paid.format("Novidade", "Devolução"), "delete from marts.tipos_baixa_empresa")
    build(next_day, *chosen)


def test_masked_people_stay_masked(next_day: Line) -> None:
    views = [f"staging.clientes{part}" for part in ("", "_conjuge", "_telefones")]
    tables = (*views, "marts.dim_cliente", "marts.cliente_360")
    told = " ".join(
        row["told"]
        for table in tables
        for row in next_day.query(f"select to_jsonb(t)::text as told from {table} as t")
    )
    customers = next_day.simulator.truth("customers")
    people = {customer[name] for customer in customers for name in ("name", "cpf", "email")}
    assert len(people) > len(customers)
    assert [person for person in people if person and person in told] == []


def put(line: Line, table: str) -> None:
    """Make a table with the truth in it."""
    rows = truth(line.simulator, table)
    kinds = {str: "text", bool: "boolean", list: "jsonb", dict: "jsonb"}
    types = {
        name: next((kinds.get(type(row[name]), "numeric") for row in rows if row[name]), "text")
        for name in rows[0]
    }
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    with psycopg.connect(line.database) as connection:
        connection.execute(f"create table sienge.{table} ({columns})")
        connection.execute(
            f"insert into sienge.{table} select * from jsonb_to_recordset(%s) as t ({columns})",
            [json.dumps(rows)],
        )


def test_without_the_bulk_rest_gives_the_answer(next_day: Line) -> None:
    with psycopg.connect(next_day.database) as connection:
        for table in (*FACTS[1:3], *MORE[-2:], "bulk_bank_movement"):
            connection.execute(f"update sienge.{table} set _sdc_deleted_at = now()")
    build(next_day, *TWOFOLD)
    assert_true_balances(next_day)
    assert_true_statements(next_day)
    true = {name: truth(next_day.simulator, name) for name in (*REST, "bills")}
    income = true["customer_financial_statements"]
    assert totals(next_day, TWOFOLD[0], "valor_original", "saldo", "valor_recebido") == [
        len(income),
        sum(cents(row["original_value"]) for row in income),
        sum(cents(row["current_balance"]) for row in income),
        sum(
            cents(each["netReceiptValue"])
            for row in income
            for each in row["receipts"]
            if each["receiptType"] == "Recebimento" and row["condition_type"] != "PE"
        ),
    ]
    outcome = true["bills_installments"]
    assert totals(next_day, TWOFOLD[1], "valor_original", "saldo") == [
        len(outcome),
        sum(cents(row["amount"]) for row in outcome),
        sum(cents(row["amount"]) for row in outcome if row["situation"] == "Não paga"),
    ]
    bills = {bill["id"]: Decimal(str(bill["total_invoice_amount"])) for bill in true["bills"]}
    planned = {
        bill["id"] for bill in true["bills"] if bill["document_identification_id"] in {"PCT", "PRV"}
    }
    spent = summed(
        (
            (part["building_id"], part["building_unit_id"], str(part["cost_estimation_sheet_id"])),
            bills[part["bill_id"]] * Decimal(str(part["percentage"])) / 100,
        )
        for part in true["bills_buildings_cost"]
        if part["bill_id"] not in planned
    )
    keys = ("codigo_empreendimento", "codigo_unidade_construtiva", "codigo_item")
    mart = "orcado_realizado where valor_apropriado > 0"
    assert read(next_day, mart, 3, *keys, "valor_apropriado") == {
        key: (value,) for key, value in spent.items()
    }
    assert totals(next_day, "orcado_realizado", "valor_orcado")[1] == sum(
        cents(item["total_price"]) for item in true["building_cost_estimations_sheets_items"]
    )


def test_whoever_may_read_only_companies_gets_empty_models(next_day: Line) -> None:
    kept = "companies", "sync_log"
    tables = next_day.query("select tablename from pg_tables where schemaname = 'sienge'")
    with psycopg.connect(next_day.database) as connection:
        for table in {row["tablename"] for row in tables}.difference(kept):
            connection.execute(f"drop table sienge.{table} cascade")
        connection.execute(
            "update sienge.sync_log set status = 'skipped' where stream <> %s", kept[:1]
        )
    build(next_day, "+path:models/marts")
    for mart in [path.stem for path in (FOLDER.parent / "marts").rglob("*.sql")]:
        rows = next_day.query(f"select * from marts.{mart}")
        assert bool(rows) == (mart in FILLED), mart
    gaps = next_day.query("select distinct tabela, situacao from marts.cobertura")
    read = next_day.query("select distinct stream from sienge.sync_log")
    expected = {row["stream"]: "Sem acesso" for row in read} | {"companies": "Completa"}
    assert {row["tabela"]: row["situacao"] for row in gaps} == {
        row["tabela"]: expected.get(row["tabela"], "Nunca lida") for row in gaps
    }
