"""The default preset twice with changes between, every table against the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.streams import presets

from testing.pipeline import FEWER, Line, running_line
from testing.truth import key_of, plain, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

STREAMS = [name for name in presets()["padrao"] if not name.startswith("bulk_")]
CHANGED = {
    "customers": {"create": 7, "update": 5},
    "sales_contracts": {"create": 3, "update": 4},
    "bills": {"create": 6, "update": 5, "delete": 4},
    "accounts_statements": {"create": 5, "update": 5, "delete": 5},
    "creditors": {"create": 2, "update": 2, "delete": 2},
    "payment_categories": {"update": 2, "delete": 1},
}


def expected(line: Line, stream: str) -> dict[tuple[Any, ...], Row]:
    """True rows by key."""
    return {key_of(stream, row): row for row in truth(line.simulator, stream)}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco"), *FEWER) as found:
        yield found


@pytest.fixture(scope="module")
def changes(line: Line) -> dict[str, dict[str, list[Any]]]:
    """Run, change data, run again, and tell which records were created, updated, deleted."""
    line.run()
    for stream in STREAMS:
        assert len(line.landed(stream)) == len(expected(line, stream)) > 0, stream
    done = {
        stream: line.simulator.admin("/change", {"resource": stream} | change)
        for stream, change in CHANGED.items()
    }
    line.simulator.admin("/requests", method="DELETE")
    line.run(TAP_SIENGE_WINDOW_LOOKBACK_DAYS="36500")  # else old periods wait for the weekly read
    return done


def test_every_table_holds_the_true_rows(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    assert len(STREAMS) >= 50
    for stream in STREAMS:
        landed = {key_of(stream, row) for row in line.landed(stream)}
        assert landed == set(expected(line, stream)), stream


@pytest.mark.parametrize("stream", ["customers", "sales_contracts", "accounts_statements", "units"])
def test_every_cell_is_true(line: Line, changes: dict[str, Any], stream: str) -> None:
    assert changes
    by_key = expected(line, stream)
    rows = line.landed(stream)
    assert len(rows) == len(by_key)
    for row in rows:
        true = by_key[key_of(stream, row)]
        cells = {n: v for n, v in row.items() if n[:5] != "_sdc_" and n not in {"links", "_extra"}}
        assert true.keys() <= cells.keys()
        for name, value in cells.items():
            assert plain(value) == plain(true.get(name)), (stream, row["id"], name)


def test_vanished_rows_are_marked_and_kept(line: Line, changes: dict[str, Any]) -> None:
    for stream in ("bills", "accounts_statements", "creditors", "payment_categories"):
        sql = f"select id from sienge.{stream} where _sdc_deleted_at is not null"
        assert {row["id"] for row in line.query(sql)} == set(changes[stream]["deleted"])


@pytest.mark.parametrize("stream", ["customers", "sales_contracts", "bills", "creditors"])
def test_new_rows_tell_when_they_came(line: Line, changes: dict[str, Any], stream: str) -> None:
    runs = line.query(
        "select min(started_at) as at from sienge.sync_log group by run_id order by 1"
    )
    new = line.query(
        f"select id from sienge.{stream} where _sdc_inserted_at at time zone 'UTC' >="
        f" '{runs[1]['at']}'::timestamp at time zone 'America/Sao_Paulo'"
    )
    assert {row["id"] for row in new} == set(changes[stream]["created"])


def test_the_second_run_asks_only_for_changes(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    asked = [r for r in line.simulator.requests if r["path"].endswith("/v1/customers")]
    assert len(asked) == 1
    assert "modifiedAfter" in asked[0]["query"]


def test_a_full_read_marks_customers_that_vanished_until_they_return(
    line: Line, changes: dict[str, Any]
) -> None:
    assert changes
    body = {"resource": "customers", "delete": 3}
    deleted = line.simulator.admin("/change", body)["deleted"]
    line.run("--full-refresh")
    gone = "select id from sienge.customers where _sdc_deleted_at is not null"
    assert {row["id"] for row in line.query(gone)} == set(deleted)
    restored = line.simulator.admin("/change", {"resource": "customers", "restore": 2})["restored"]
    assert set(restored) < set(deleted)
    line.run("--full-refresh")
    assert {row["id"] for row in line.query(gone)} == set(deleted) - set(restored)


def test_each_run_is_logged(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    runs = line.query("select run_id, count(*), min(status), max(status) from sienge.sync_log "
                      "group by run_id")  # fmt: skip
    assert len(runs) >= 2
    read = len(presets()["padrao"])
    assert {(run["count"], run["min"], run["max"]) for run in runs} == {(read, "ok", "ok")}
    columns = line.query(
        "select data_type from information_schema.columns where table_schema = 'sienge' "
        "and table_name = 'customers' and column_name in ('phones', 'addresses', 'spouse')"
    )
    assert [found["data_type"] for found in columns] == ["jsonb"] * 3


def test_a_failed_stream_leaves_the_others_landed(line: Line, changes: dict[str, Any]) -> None:
    assert changes
    fault = {"path": "/v1/creditors", "kind": "status", "status": 500, "count": 100}
    line.simulator.admin("/faults", fault)
    said = line.run(succeeds=False, TAP_SIENGE_MAX_RETRIES="1")
    assert "Não foi possível ler: creditors" in said
    status = line.query(
        "select stream, status from sienge.sync_log where run_id = (select run_id from "
        "sienge.sync_log order by started_at desc limit 1)"
    )
    assert {row["stream"] for row in status if row["status"] != "ok"} == {"creditors"}
    assert len(status) == len(presets()["padrao"])
