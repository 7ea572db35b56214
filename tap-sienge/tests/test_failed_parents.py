"""One parent, period or choice that fails: the others are read, and it is asked for again."""

from __future__ import annotations

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

FAILURES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "status", "status": 403}, "incomplete"),
    ({"kind": "status", "status": 405}, "incomplete"),
    ({"kind": "status", "status": 400}, "incomplete"),
    ({"kind": "status", "status": 422}, "incomplete"),
    ({"kind": "empty_body", "status": 204}, "incomplete"),
    ({"kind": "status", "status": 401}, "incomplete"),
    ({"kind": "status", "status": 500}, "failed"),
    ({"kind": "error_body"}, "failed"),
    ({"kind": "body", "body": None}, "failed"),
    ({"kind": "html"}, "failed"),
    ({"kind": "hang"}, "failed"),
    ({"kind": "reset"}, "failed"),
]


@pytest.mark.parametrize("position", [0, 7])
@pytest.mark.parametrize(("fault", "status"), FAILURES, ids=repr)
def test_a_parent_that_fails_keeps_no_other_from_being_read(
    start_simulator: Start, run_tap: Tap, fault: dict[str, Any], status: str, position: int
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    bad = orders[position]
    simulator.admin("/faults", {"path": path(bad), "count": ALWAYS} | fault)

    run = run_tap(config, streams=[STREAM])
    log = run.log[STREAM]
    expected = {r["purchaseOrderId"] for r in simulator.truth(STREAM)} - {bad}
    assert {row["purchase_order_id"] for row in run.rows[STREAM]} == expected
    assert log["status"] == status
    assert f"1 de {len(orders)} consultas ({bad})" in log["error"]
    assert run.activated == {"purchase_orders"}
    assert run.code == int(status == "failed")

    simulator.admin("/requests", method="DELETE")
    again = run_tap(config, streams=[STREAM], state=run.state)
    assert set(asked(simulator)) == {bad}, "what was read is not asked for again, what failed is"
    assert again.log[STREAM]["status"] != "ok"

    simulator.admin("/faults", method="DELETE")
    third = run_tap(config, streams=[STREAM], state=again.state)
    assert {row["purchase_order_id"] for row in third.rows[STREAM]} == {bad}
    assert third.log[STREAM]["status"] == "ok"
    simulator.admin("/requests", method="DELETE")
    run_tap(config, streams=[STREAM], state=third.state)
    assert asked(simulator) == []


def test_refused_parents_at_the_head_give_up_on_no_other(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"max_connections": 1}
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    for order in orders[:7]:
        simulator.admin("/permissions", {path(order): 403})
    run = run_tap(config, streams=[STREAM])
    assert run.log[STREAM]["status"] == "skipped"
    run = run_tap(config, streams=[STREAM], state=run.state)
    assert run.log[STREAM]["status"] == "incomplete"
    assert {row["purchase_order_id"] for row in run.rows[STREAM]} == set(orders[7:])
    for _ in range(2):  # only the refused ones are asked for: it is said of them, not of all
        run = run_tap(config, streams=[STREAM], state=run.state)
        assert run.log[STREAM]["status"] == "incomplete"
        assert "consultas (" in run.log[STREAM]["error"]
    for order in orders[:7]:
        simulator.admin("/permissions", {path(order): None})
    run = run_tap(config, streams=[STREAM], state=run.state)
    assert {row["purchase_order_id"] for row in run.rows[STREAM]} == set(orders[:7])
    assert run.log[STREAM]["status"] == "ok"


def test_periods_that_failed_are_no_empty_read(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    first = run_tap(config, streams=["bills"])
    years = {str(row["issueDate"])[:4] for row in simulator.truth("bills")}
    simulator.admin("/faults", [
        {"path": "/v1/bills", "kind": "status", "status": 500, "count": ALWAYS,
         "query": {"startDate": f"{year}-01-01"}} for year in years
    ])  # fmt: skip
    run = run_tap(config, streams=["bills"], state=first.state)
    assert "veio vazio" not in run.log["bills"]["error"]
    simulator.admin("/faults", method="DELETE")
    simulator.admin("/faults", {"path": "/v1/bills", "kind": "empty_list", "count": ALWAYS})
    state = days_pass(1, simulator, run.state)
    run = run_tap(config, streams=["bills"], state=state)
    assert "bills" not in run.activated


def test_ten_ids_are_named_and_none_is_given_up(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    bad, good = orders[::2] + orders[1:4:2], orders[5::2]
    faults = [{"path": path(o), "kind": "status", "status": 422, "count": ALWAYS} for o in bad]
    simulator.admin("/faults", faults)
    run = run_tap(simulator.config | CONFIG, streams=[STREAM])
    assert {row["purchase_order_id"] for row in run.rows[STREAM]} == set(good)
    error = run.log[STREAM]["error"]
    assert "12 de 20 consultas" in error
    named = error.split("(")[1].split(")")[0]
    assert named.endswith("…")
    assert len(named.split(", ")) == 10
    simulator.admin("/requests", method="DELETE")
    run_tap(simulator.config | CONFIG, streams=[STREAM], state=run.state)
    assert set(asked(simulator)) == set(bad)


def test_a_resource_that_may_not_be_read_costs_few_requests(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"max_connections": 1}
    for row in simulator.truth("purchase_orders"):
        simulator.admin("/permissions", {path(row["id"]): 403})
    run = run_tap(config, streams=[STREAM])
    assert run.log[STREAM]["status"] == "skipped"
    assert "permissão" in run.log[STREAM]["error"]
    assert len(asked(simulator)) <= 6
    assert run.code == 0


def test_an_outage_ends_and_the_rest_is_read_next_time(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG
    orders = [row["id"] for row in simulator.truth("purchase_orders")]
    faults = [{"path": path(o), "kind": "status", "status": 503, "count": 9} for o in orders[2:]]
    simulator.admin("/faults", faults)
    run = run_tap(config, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert len(asked(simulator)) < 30
    simulator.admin("/faults", method="DELETE")
    again = run_tap(config, streams=[STREAM], state=run.state)
    assert again.log[STREAM]["status"] == "ok", again.log[STREAM]["error"]
    rows = run.rows[STREAM] + again.rows[STREAM]
    assert {r["purchase_order_id"] for r in rows} == {
        r["purchaseOrderId"] for r in simulator.truth(STREAM)
    }
    assert STREAM in again.activated


@pytest.mark.parametrize("status", [500, 422])
def test_a_period_that_fails_keeps_no_other_from_being_read(
    start_simulator: Start, run_tap: Tap, status: int
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG
    year = {"startDate": "2025-01-01"}
    fault = {"path": "/v1/bills", "kind": "status", "status": status, "count": ALWAYS}
    simulator.admin("/faults", fault | {"query": year})
    run = run_tap(config, streams=["bills"])
    rows = {row["id"]: row for row in run.rows["bills"]}
    true = {row["id"]: row["issueDate"] for row in simulator.truth("bills")}
    wanted = {number for number, day in true.items() if day >= "2024"}
    assert rows.keys() == {number for number in wanted if true[number][:4] != "2025"}
    assert "2025-01-01/2025-12-31" in run.log["bills"]["error"]
    assert "bills" not in run.activated

    simulator.admin("/faults", method="DELETE")
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["bills"], state=days_pass(1, simulator, run.state))
    assert second.log["bills"]["status"] == "ok"
    assert {row["id"] for row in second.rows["bills"]} | rows.keys() == wanted
    years = [r["query"] for r in simulator.requests if r["path"] == "/v1/bills"]
    assert len([query for query in years if "startDate=2025-01-01" in query]) == 1
    assert not [query for query in years if "startDate=2024-01-01" in query]


def test_ids_are_encoded_and_what_no_address_can_hold_is_told(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    odd = ["A#1", "A?b", "A/b", "A%2F", "é b", "..", "{password}"]
    items = [{"documentIdentificationId": f'"{code}"'} for code in odd]
    simulator.admin("/faults", {"path": "/v1/bills", "kind": "replace", "items": items, "count": 1})
    run = run_tap(simulator.config | CONFIG, streams=["document_identifications"])
    found = [r["path"] for r in simulator.requests if "document-identifications" in r["path"]]
    codes = {path.removeprefix("/v1/document-identifications/") for path in found}
    assert set(odd) - {".."} <= codes
    assert not {"", "A", "/v1/"} & codes
    assert "/v1/" not in found
    assert (
        "o código .. não pode fazer parte de um endereço"
        in run.log["document_identifications"]["error"]
    )


def test_a_calculated_key_is_never_sent(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    items = [{"id": "null"}, {"id": '""'}, {"id": '"código"'}]
    fault = {"path": "/v1/purchase-orders", "kind": "replace", "items": items, "count": 1}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG, streams=[STREAM])
    assert len(run.rows["purchase_orders"]) == 20
    assert len(asked(simulator)) == 17
    assert min(asked(simulator)) > 0
