"""What changes without its list row: read again every day until it is final, and not after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

FEW = (
    *("--rows", "supply_contracts=12", "--rows", "purchase_orders=12"),
    *("--rows", "purchase_requests=12", "--rows", "enterprises=4"),
    *("--requests-per-minute", "1000000"),
)
UNLIMITED = {"requests_per_minute": 1_000_000, "start_date": "2020-01-01"}
CLOSED_ORDER = {"FULLY_DELIVERED", "CANCELED"}


def asked(simulator: Simulator, end: str) -> list[dict[str, Any]]:
    return [request for request in simulator.requests if request["path"].endswith(end)]


def test_open_contracts_are_read_every_day_and_others_are_not(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    stream = "supply_contracts_details"
    # Contracts older than this are not listed between two full reads.
    config = simulator.config | UNLIMITED | {"window_lookback_days": 0}
    first = run_tap(config, streams=[stream])
    contracts = simulator.truth("supply_contracts")
    still = {
        (c["documentId"], c["contractNumber"])
        for c in contracts
        if c["status"] not in {"RESCINDED", "COMPLETED"}
    }
    assert 0 < len(still) < len(contracts)

    document, number = min(still)
    simulator.admin("/change", {"resource": stream, "ids": [[document, number]], "update": 1,
                                "set": {"laborBalance": 10.5}})  # fmt: skip
    simulator.admin("/requests", method="DELETE")
    same_day = run_tap(config, streams=[stream], state=first.state)
    assert asked(simulator, "/v1/supply-contracts") == []

    next_day = run_tap(config, streams=[stream], state=days_pass(1, simulator, same_day.state))
    assert next_day.log[stream]["status"] == "ok"
    rows = {(r["document_id"], r["contract_number"]): r for r in next_day.rows[stream]}
    assert rows.keys() == still
    assert rows[document, number]["labor_balance"] == 10.5
    assert len(asked(simulator, "/v1/supply-contracts")) == len(still)


def test_deliveries_of_open_orders_are_read_every_day(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    streams = ["purchase_orders_items_delivery_schedules", "purchase_orders_totalization"]
    first = run_tap(simulator.config | UNLIMITED, streams=streams)
    simulator.admin("/requests", method="DELETE")
    state = days_pass(1, simulator, first.state)
    second = run_tap(simulator.config | UNLIMITED, streams=streams, state=state)
    still = {o["id"] for o in simulator.truth("purchase_orders") if o["status"] not in CLOSED_ORDER}
    assert 0 < len(still) < 12
    assert {int(r["path"].split("/")[3]) for r in asked(simulator, "/totalization")} == still
    assert {int(r["path"].split("/")[3]) for r in asked(simulator, "/items")} == still
    schedules = {int(r["path"].split("/")[3]) for r in asked(simulator, "/delivery-schedules")}
    assert schedules <= still
    assert {second.log[name]["status"] for name in streams} == {"ok"}


def test_items_tell_the_status_of_their_request(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    stream = "purchase_requests_items"
    run = run_tap(simulator.config | UNLIMITED, streams=[stream, "purchase_requests"])
    status = {request["id"]: request["status"] for request in simulator.truth("purchase_requests")}
    rows = {(r["purchase_request_id"], r["item_number"]): r for r in run.rows[stream]}
    assert {key: row["purchase_request_status"] for key, row in rows.items()} == {
        (item["purchaseRequestId"], item["itemNumber"]): status[item["purchaseRequestId"]]
        for item in simulator.truth(stream)
    }
    assert run.log[stream]["requests"] == 5, "one for each status, and one to see that it is all"
    assert stream in run.activated

    pending = next(number for number, told in status.items() if told == "PENDING")
    simulator.admin("/requests", method="DELETE")
    simulator.admin("/change", {"resource": "purchase_requests", "ids": [str(pending)],
                                "update": 1, "set": {"status": "FULLY_ATTENDED"}})  # fmt: skip
    second = run_tap(
        simulator.config | UNLIMITED,
        streams=[stream, "purchase_requests"],
        state=days_pass(1, simulator, run.state),
    )
    changed = [r for r in second.rows["purchase_requests"] if r["id"] == pending]
    assert [row["status"] for row in changed] == ["FULLY_ATTENDED"]


@pytest.mark.parametrize("ignored", ["", "PENDING"])
def test_what_no_status_gives_is_read_and_an_ignored_filter_is_told(
    start_simulator: Start, run_tap: Tap, ignored: str
) -> None:
    simulator = start_simulator(*FEW)
    stream, path = "purchase_requests_items", "/v1/purchase-requests/all/items"
    none = {"resultSetMetadata": {"count": 0, "limit": 200, "offset": 0}, "results": []}
    fault = {"path": path, "kind": "body", "body": none, "count": 1_000_000}
    fault["query"] = {"purchaseRequestStatus": "PENDING"}
    if ignored:
        everything = {(i["purchaseRequestId"], i["itemNumber"]): i for i in simulator.truth(stream)}
        fault["body"] = {
            "resultSetMetadata": {"count": len(everything), "limit": 200, "offset": 0},
            "results": list(everything.values()),
        }
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | UNLIMITED, streams=[stream])
    keys = {(row["purchase_request_id"], row["item_number"]) for row in run.rows[stream]}
    assert keys == {(i["purchaseRequestId"], i["itemNumber"]) for i in simulator.truth(stream)}
    assert run.log[stream]["status"] == ("incomplete" if ignored else "ok")
    assert (stream in run.activated) == (not ignored)
