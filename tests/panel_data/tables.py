"""Tables and files of them: what they are, what is hidden, and how they are read again."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sienge_panel import catalog, preview
from sienge_panel.preview import SAMPLE, Op, Wish
from sienge_panel.settings import Settings

from tests.marts import cents
from tests.panel_data.asking import execute, file, refused, rows, sheet, visitor
from tests.panel_data.conftest import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.panel import Panel

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


def test_answers_are_sent_small_but_whole_files_as_they_are_read(panel: Panel) -> None:
    small = visitor(panel).ask("GET", "/api/tables/customers/rows")
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < len(small.content) / 2
    for file_name in ("data.csv", "data.xlsx"):
        answer = visitor(panel).ask("GET", f"/api/tables/customers/{file_name}")
        assert "Content-Encoding" not in answer.headers
    plain = visitor(panel).ask(
        "GET", "/api/tables/customers/rows", headers={"Accept-Encoding": "identity"}
    )
    assert "Content-Encoding" not in plain.headers
    assert plain.content == small.content


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
