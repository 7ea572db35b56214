"""Answers about a parent's children that are no proof that it has none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import days_pass

from .failing_parents import ALWAYS, CONFIG, FEW, STREAM, asked, path

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

GATEWAY = {"timestamp": "2026-11-28T02:00:00", "status": 404, "error": "Not Found", "path": "/x"}


ERRORS: list[dict[str, Any]] = [
    {"errors": [{"field": "", "message": "Erro interno"}]}, {"error": "timeout"},
    {"message": "Erro interno", "code": 500}, {"success": False}, {"status": "ERROR"},
    {"status": 500.0}, {"httpStatus": 500}, {"results": None, "message": "Erro interno"},
    {"Message": "Erro interno"}, {"Status": 500}, {"erro": True}, {"fault": {"faultstring": "x"}},
    {"exception": "java.lang.Exception"}, {"status": "UNAVAILABLE"}, {"code": "E500"},
    {"success": "false"}, {"resultSetMetadata": {"count": 0}, "ok": False},
]  # fmt: skip


def read_beside_empty_list(
    simulator: Simulator, run_tap: Tap, more: dict[str, Any]
) -> tuple[int, Run]:
    """Read all, where one parent has an empty list and ``more``; give it, and the run."""
    one: int = simulator.truth("purchase_orders")[7]["id"]
    body = {"results": [], **more}
    simulator.admin("/faults", {"path": path(one), "kind": "body", "body": body, "count": ALWAYS})
    return one, run_tap(simulator.config | CONFIG | {"max_retries": 0}, streams=[STREAM])


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_beside_an_empty_list_is_no_parent_without_children(
    start_simulator: Start, run_tap: Tap, error: dict[str, Any]
) -> None:
    bad, run = read_beside_empty_list(start_simulator(*FEW), run_tap, error)
    assert run.log[STREAM]["status"] == "failed"
    assert f"({bad})" in run.log[STREAM]["error"]
    assert STREAM not in run.activated


WELL: list[dict[str, Any]] = [
    {"success": True, "errors": [], "error": False, "code": 200}, {"status": "OK", "message": ""},
    {"resultSetMetadata": {"count": 0}, "message": "Nenhum registro", "timestamp": "2026-11-28"},
]  # fmt: skip


@pytest.mark.parametrize("told", WELL, ids=repr)
def test_what_else_stands_beside_an_empty_list_is_no_error(
    start_simulator: Start, run_tap: Tap, told: dict[str, Any]
) -> None:
    _, run = read_beside_empty_list(start_simulator(*FEW), run_tap, told)
    assert run.log[STREAM]["status"] == "ok"
    assert STREAM in run.activated


@pytest.mark.parametrize("status", [404, 403, 405])
def test_a_later_page_that_is_refused_is_no_end(
    start_simulator: Start, run_tap: Tap, status: int
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"page_size": 2}
    many = Counter(row["purchaseOrderId"] for row in simulator.truth(STREAM))
    bad = next(order for order, count in many.items() if count > 2)
    simulator.admin("/faults", {
        "path": path(bad), "kind": "status", "status": status, "offset": 1, "count": ALWAYS,
    })  # fmt: skip
    run = run_tap(config, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert f"({bad})" in run.log[STREAM]["error"]
    assert STREAM not in run.activated
    simulator.admin("/faults", method="DELETE")
    again = run_tap(config, streams=[STREAM], state=run.state)
    assert len([r for r in again.rows[STREAM] if r["purchase_order_id"] == bad]) == many[bad]


ODD_IDS = ["null", '""', "5.5", '"abc"', "true", "[1]", "{}"]


@pytest.mark.parametrize("odd", ODD_IDS)
def test_a_parent_without_a_readable_id_deletes_nothing(
    start_simulator: Start, run_tap: Tap, odd: str
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    first = run_tap(config, streams=[STREAM])
    assert first.activated == {STREAM, "purchase_orders"}
    simulator.admin("/faults", {
        "path": "/v1/purchase-orders", "kind": "replace", "items": [{"id": odd}] * 3, "count": 1,
    })  # fmt: skip
    run = run_tap(config, streams=[STREAM], state=first.state)
    assert run.activated == set()
    assert {run.log[name]["status"] for name in (STREAM, "purchase_orders")} == {"incomplete"}


ODD_LISTS = ['["x", {}]', "[[]]", '[null, {"buildingUnitId": 1}]', '[{"id": [1]}]', '[{"id": {}}]']


@pytest.mark.parametrize("odd", ODD_LISTS)
def test_a_list_of_keys_of_another_shape_fails_no_parent_and_deletes_nothing(
    start_simulator: Start, run_tap: Tap, odd: str
) -> None:
    simulator = start_simulator("--rows", "supply_contracts_buildings=4", *FEW)
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    streams = ["supply_contracts_buildings", "supply_contracts_items"]
    first = run_tap(config, streams=streams)
    simulator.admin("/faults", {
        "path": "/v1/supply-contracts/buildings", "kind": "replace", "count": ALWAYS,
        "items": [{"constructUnits": odd}],
    })  # fmt: skip
    run = run_tap(config, streams=streams, state=first.state)
    assert run.log["supply_contracts_buildings"]["status"] == "ok"
    assert run.log["supply_contracts_items"]["status"] == "incomplete"
    assert "supply_contracts_items" not in run.activated


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "status"}, True),
        ({"kind": "html"}, False),
        ({"kind": "empty_body"}, False),
        ({"kind": "body", "body": GATEWAY}, False),
    ],
    ids=str,
)
def test_a_404_that_is_not_the_apis_own_deletes_nothing_that_day(
    start_simulator: Start, run_tap: Tap, fault: dict[str, Any], *, told: bool
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    first = run_tap(config, streams=[STREAM])
    gone = fault | {"status": 404, "count": ALWAYS}
    simulator.admin("/faults", [{"path": path(order)} | gone for order in orders[2:]])

    run = run_tap(config, streams=[STREAM], state=first.state)
    assert run.log[STREAM]["status"] == ("ok" if told else "incomplete")
    assert (STREAM in run.activated) == told
    assert f"(404) em {len(orders) - 2} de {len(orders)}" in str(run.log[STREAM])

    run = run_tap(config, streams=[STREAM], state=days_pass(1, simulator, run.state))
    assert run.log[STREAM]["status"] == "ok"
    assert STREAM in run.activated


def test_what_a_404_not_the_apis_own_hides_is_asked_for_again(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    before, hidden = orders[:8], orders[8:]
    gone = {"kind": "html", "status": 404, "count": ALWAYS}
    simulator.admin("/faults", [{"path": path(order)} | gone for order in [orders[2], *hidden]])
    first = run_tap(config, streams=[STREAM])
    assert first.log[STREAM]["status"] == "ok"

    simulator.admin("/faults", method="DELETE")
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=[STREAM], state=first.state)
    assert set(asked(simulator)) == set(hidden), "an answer came after the first that was not found"
    rows = {row["purchase_order_id"] for row in second.rows[STREAM]}
    assert rows == {r["purchaseOrderId"] for r in simulator.truth(STREAM)} - set(before)


def test_a_resource_that_is_lacking_gives_up_on_no_parent(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    gone = {"kind": "html", "status": 404, "count": ALWAYS}
    simulator.admin("/faults", [{"path": path(order)} | gone for order in orders])
    first = run_tap(config, streams=[STREAM])
    assert first.log[STREAM]["status"] == "skipped"
    simulator.admin("/faults", method="DELETE")
    second = run_tap(config, streams=[STREAM], state=first.state)
    rows = {row["purchase_order_id"] for row in second.rows[STREAM]}
    assert rows == {r["purchaseOrderId"] for r in simulator.truth(STREAM)}
