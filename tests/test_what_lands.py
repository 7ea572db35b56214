"""An API that errs, through `meltano run` into PostgreSQL: which rows live, which are deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from testing.pipeline import Line, running_line
from testing.truth import differences, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.truth import Row

ALWAYS = 1_000_000
ERROR = {"status": 500, "developerMessage": "erro", "errors": [{"field": "a", "message": "b"}]}
ROWS = {"purchase_orders": 350, "inventory_movements": 350, "patrimony_movable": 350,
        "patrimony_fixed": 350, "stock_reservations": 20, "bills": 30, "price_tables": 40,
        "sales_contracts": 10, "units": 350, "enterprises": 12}  # fmt: skip
DELETED = ("inventory_movements", "patrimony_movable", "patrimony_fixed")
"""Resources of which three rows vanish while the API errs."""

FAULTS: dict[str, dict[str, Any]] = {
    "purchase_orders": {"kind": "error_body"},
    "inventory_movements": {"kind": "cap", "rows": 100, "also": ["metadata"], "set": {"count": 0}},
    "patrimony_movable": {"kind": "metadata", "set": {"count": "347", "limit": "200"}},
    "patrimony_fixed": {"kind": "no_offset", "also": ["bare"]},
    "price_tables": {"kind": "body", "body": {"errors": True}},
    "units": {"kind": "body", "body": {"resultSetMetadata": {"count": 1}, "results": [ERROR]}},
    "bulk_outcome": {"kind": "body", "body": ERROR},
    "bulk_income": {"kind": "wrap", "before": {"errors": [{"billId": 1}]}},
}
PATHS = {
    "purchase_orders": "/v1/purchase-orders",
    "inventory_movements": "/v1/inventory-movements",
    "patrimony_movable": "/v1/patrimony/movable",
    "patrimony_fixed": "/v1/patrimony/fixed",
    "price_tables": "/v1/price-tables",
    "units": "/v1/units",
    "bulk_outcome": "/bulk-data/v1/outcome",
    "bulk_income": "/bulk-data/v1/income",
}
CHILDREN = "stock_reservations_items"
STREAMS = [*FAULTS, "stock_reservations", CHILDREN, "enterprises", "property_types"]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    options = [option for name, rows in ROWS.items() for option in ("--rows", f"{name}={rows}")]
    with running_line(tmp_path_factory.mktemp("linha"), *options) as found:
        yield found


def run(line: Line, *, succeeds: bool = True) -> dict[str, tuple[str, str | None]]:
    """Read everything; give how each stream ended."""
    line.run(
        succeeds=succeeds,
        TAP_SIENGE__SELECT=json.dumps([f"{name}.*" for name in [*STREAMS, "sync_log"]]),
        TAP_SIENGE_FULL_REFRESH_DAYS='{"*": 0}',
        TAP_SIENGE_MAX_RETRIES="1",
        TAP_SIENGE_BULK_MODE="sync",
    )
    log = line.query(
        "select stream, status, error from sienge.sync_log where run_id ="
        " (select run_id from sienge.sync_log order by started_at desc limit 1)"
    )
    return {row["stream"]: (row["status"], row["error"]) for row in log}


def alive_and_deleted(line: Line, stream: str) -> tuple[int, int]:
    (row,) = line.query(
        "select count(*) filter (where _sdc_deleted_at is null) as alive,"
        f" count(_sdc_deleted_at) as deleted from sienge.{stream}"
    )
    return row["alive"], row["deleted"]


def assert_true(line: Line, *streams: str) -> None:
    for stream in streams:
        expected: list[Row] = truth(line.simulator, stream)
        assert not list(differences(stream, line.landed(stream), expected)), stream


def test_nothing_is_lost_and_nothing_is_called_deleted_that_exists(line: Line) -> None:
    assert set(run(line).values()) == {("ok", None)}
    assert_true(line, *STREAMS)
    before = {stream: alive_and_deleted(line, stream) for stream in STREAMS}

    admin = line.simulator.admin
    for resource in DELETED:
        admin("/change", {"resource": resource, "delete": 3})
    for stream, fault in FAULTS.items():
        admin("/faults", {"path": PATHS[stream], "count": ALWAYS} | fault)
    forbidden, broken = (row["id"] for row in line.simulator.truth("stock_reservations")[4:6])
    admin("/permissions", {f"/v1/stock-reservations/{forbidden}/items": 403})
    admin("/permissions", {"/v1/property-types": 401})
    admin("/faults", {"path": f"/v1/stock-reservations/{broken}/items", "kind": "status",
                      "status": 500, "count": ALWAYS})  # fmt: skip

    ended = run(line, succeeds=False)
    status = {stream: how for stream, (how, _) in ended.items()}
    whole = ["inventory_movements", "patrimony_movable", "bulk_income", "enterprises",
             "stock_reservations"]  # fmt: skip
    failed = ["purchase_orders", "price_tables", "units", "bulk_outcome", CHILDREN,
              "property_types"]  # fmt: skip
    assert status == dict.fromkeys(whole, "ok") | dict.fromkeys(failed, "failed") | {
        "patrimony_fixed": "incomplete"
    }
    assert_true(line, *whole)
    for stream in [*failed, "patrimony_fixed"]:
        assert alive_and_deleted(line, stream) == before[stream], stream
        assert ended[stream][1], stream
    assert alive_and_deleted(line, "inventory_movements") == (347, 3)
    assert alive_and_deleted(line, "patrimony_movable") == (347, 3)
    told = str(ended[CHILDREN][1])
    assert "2 de 20 consultas" in told
    assert str(forbidden) in told
    assert str(broken) in told
    assert "só neste recurso (401)" in str(ended["property_types"][1])

    admin("/faults", method="DELETE")
    paths = [f"/v1/stock-reservations/{forbidden}/items", "/v1/property-types"]
    admin("/permissions", dict.fromkeys(paths))
    assert set(run(line).values()) == {("ok", None)}
    assert_true(line, *STREAMS)
    assert alive_and_deleted(line, "patrimony_fixed") == (347, 3)
