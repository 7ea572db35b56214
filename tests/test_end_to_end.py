"""The whole line: `meltano run` twice with changes between, every table against the truth."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import Simulator, running_simulator
from demo.__main__ import environment
from demo.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
KEYS = {
    "accountancy_accounts": ("companyId", "id"),
    "checking_accounts": ("companyId", "accountNumber"),
    "departments": ("departmentId",),
    "document_identifications": ("documentIdentificationId",),
}
CHANGED = {
    "customers": {"create": 7, "update": 5},
    "sales_contracts": {"create": 3, "update": 4},
    "bills": {"create": 6, "update": 5, "delete": 4},
    "accounts_statements": {"create": 5, "update": 5, "delete": 5},
    "creditors": {"create": 2, "update": 2, "delete": 2},
    "payment_categories": {"update": 2, "delete": 1},
}

Row = dict[str, Any]


class Line:
    """The simulated Sienge, Meltano and a database of its own."""

    def __init__(self, simulator: Simulator, database: str) -> None:
        self.simulator = simulator
        self.database = database

    def run(self, *options: str, succeeds: bool = True) -> str:
        meltano = str(Path(sys.executable).parent / "meltano")
        done = subprocess.run(
            [meltano, "--environment=demo", "run", *options, "tap-sienge", "target-postgres"],
            cwd=ROOT,
            env=environment(self.simulator.url, self.database),
            capture_output=True,
            text=True,
            check=False,
        )
        said: str = done.stdout + done.stderr
        assert (done.returncode == 0) == succeeds, said
        return said

    def query(self, sql: str) -> list[Row]:
        with psycopg.connect(self.database, row_factory=dict_row) as connection:
            return connection.execute(sql).fetchall()

    def landed(self, stream: str) -> list[Row]:
        return self.query(f"select * from sienge.{stream} where _sdc_deleted_at is null")

    def expected(self, stream: str) -> dict[tuple[Any, ...], Row]:
        """True records by key, with the names that columns have."""
        if stream == "document_identifications":  # read only by the codes that others mention
            used = {bill["documentIdentificationId"] for bill in self.simulator.truth("bills")}
            used |= {row["documentId"] for row in self.simulator.truth("accounts_statements")}
            records = [{"documentIdentificationId": code} for code in used if code]
        else:
            records = self.simulator.truth(stream)
        keys = KEYS.get(stream, ("id",))
        return {
            tuple(record[key] for key in keys): {column(name): v for name, v in record.items()}
            for record in records
        }


def column(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def plain(value: Any) -> Any:  # noqa: ANN401
    """Compare by meaning: no absent keys, links or empty containers, numbers as numbers."""
    if isinstance(value, dict):
        items = {name: plain(item) for name, item in value.items() if name != "links"}
        return {name: item for name, item in items.items() if item is not None} or None
    if isinstance(value, list):
        return [plain(item) for item in value] or None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    server = Postgres(tmp_path_factory.mktemp("banco"), durable=False)
    try:
        with running_simulator("--requests-per-minute", "10000") as simulator:
            server.start()
            with psycopg.connect(server.url) as connection:
                connection.execute("create schema meltano")
            yield Line(simulator, server.url)
    finally:
        server.remove()


@pytest.fixture(scope="module")
def changes(line: Line) -> dict[str, dict[str, list[Any]]]:
    """Run, change data, run again, and tell which records were created, updated, deleted."""
    line.run()
    for stream in line.simulator.counts:
        assert len(line.landed(stream)) == len(line.expected(stream)) > 0, stream
    done = {
        stream: line.simulator.admin("/change", {"resource": stream} | change)
        for stream, change in CHANGED.items()
    }
    line.simulator.admin("/requests", method="DELETE")
    line.run()
    return done


def test_every_table_holds_the_true_rows(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    counts = line.simulator.counts
    assert len(counts) == 20
    for stream in counts:
        keys = [column(key) for key in KEYS.get(stream, ("id",))]
        landed = {tuple(row[key] for key in keys) for row in line.landed(stream)}
        assert landed == set(line.expected(stream)), stream


@pytest.mark.parametrize("stream", ["customers", "sales_contracts", "accounts_statements", "units"])
def test_every_cell_is_true(line: Line, changes: dict[str, Any], stream: str) -> None:
    assert changes
    expected = line.expected(stream)
    rows = line.landed(stream)
    assert len(rows) == len(expected)
    for row in rows:
        true = expected[row["id"],]
        cells = {n: v for n, v in row.items() if n[:5] != "_sdc_" and n not in {"links", "_extra"}}
        assert true.keys() <= cells.keys()
        for name, value in cells.items():
            assert plain(value) == plain(true.get(name)), (stream, row["id"], name)


def test_vanished_rows_are_marked_and_kept(line: Line, changes: dict[str, Any]) -> None:
    for stream in ("bills", "accounts_statements", "creditors", "payment_categories"):
        sql = f"select id from sienge.{stream} where _sdc_deleted_at is not null"
        assert {row["id"] for row in line.query(sql)} == set(changes[stream]["deleted"])


def test_the_second_run_asks_only_for_changes(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    asked = [r for r in line.simulator.requests if r["path"].endswith("/v1/customers")]
    assert len(asked) == 1
    assert "modifiedAfter" in asked[0]["query"]


def test_a_full_read_marks_customers_that_vanished(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    body = {"resource": "customers", "delete": 3}
    deleted = line.simulator.admin("/change", body)["deleted"]
    line.run("--full-refresh")
    gone = line.query("select id from sienge.customers where _sdc_deleted_at is not null")
    assert {row["id"] for row in gone} == set(deleted)


def test_each_run_is_logged(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    runs = line.query("select run_id, count(*), min(status), max(status) from sienge.sync_log "
                      "group by run_id")  # fmt: skip
    assert len(runs) >= 2
    assert {(run["count"], run["min"], run["max"]) for run in runs} == {(20, "ok", "ok")}
    columns = line.query(
        "select data_type from information_schema.columns where table_schema = 'sienge' "
        "and table_name = 'customers' and column_name in ('phones', 'addresses', 'spouse')"
    )
    assert [found["data_type"] for found in columns] == ["jsonb"] * 3


def test_a_failed_stream_leaves_the_others_landed(
    line: Line, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changes
    fault = {"path": "/v1/creditors", "kind": "status", "status": 500, "count": 100}
    line.simulator.admin("/faults", fault)
    monkeypatch.setenv("TAP_SIENGE_MAX_RETRIES", "1")
    assert "Não foi possível ler: creditors" in line.run(succeeds=False)
    status = line.query(
        "select stream, status from sienge.sync_log where run_id = (select run_id from "
        "sienge.sync_log order by started_at desc limit 1)"
    )
    assert {row["stream"] for row in status if row["status"] != "ok"} == {"creditors"}
    assert len(status) == 20
