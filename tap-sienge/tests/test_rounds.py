"""Rounds during the day (the setting ``round``): only what the API can tell to have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_sienge.streams import presets

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

FAST = {"requests_per_minute": 1_000_000, "start_date": "2020-01-01"}
FEW = ("--rows", "customers=8", "--rows", "bills=12", "--requests-per-minute", "1000000")


def costs(simulator: Simulator) -> tuple[int, int]:
    """Give the requests to REST and to BULK, and forget them."""
    paths = [request["path"] for request in simulator.requests]
    simulator.admin("/requests", method="DELETE")
    bulk = sum(path.startswith("/bulk-data") for path in paths)
    return len(paths) - bulk, bulk


def test_a_round_of_the_usual_streams_costs_twelve_requests_at_most(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    streams = presets()["padrao"]
    first = run_tap(simulator.config | FAST, streams=streams)
    state = days_pass(3, simulator, first.state)
    costs(simulator)
    for _ in range(2):
        run = run_tap(simulator.config | FAST | {"round": True}, streams=streams, state=state)
        assert run.code == 0
        rest, bulk = costs(simulator)
        assert 0 < rest <= 12
        assert 0 < bulk <= 2
        assert {row["status"] for row in run.rows["sync_log"]} == {"ok"}
        assert not run.activated
        state = run.state


def test_what_changed_comes_with_its_children_and_once(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    streams = [
        "customers",
        "customers_attachments",
        "bills",
        "bills_taxes",
        "creditors",
        "companies",
    ]
    first = run_tap(simulator.config | FAST, streams=streams)
    simulator.admin(
        "/change", {"resource": "customers", "ids": [3], "update": 1, "set": {"name": "Nova"}}
    )
    simulator.admin(
        "/change", {"resource": "bills", "ids": [5], "update": 1, "set": {"notes": "Outra"}}
    )
    simulator.admin(
        "/change", {"resource": "companies", "ids": [1], "update": 1, "set": {"name": "X"}}
    )
    costs(simulator)
    run = run_tap(simulator.config | FAST | {"round": True}, streams=streams, state=first.state)
    names = {row["id"]: row["name"] for row in run.rows["customers"]}
    assert names[3] == "Nova"
    assert {row["id"]: row["notes"] for row in run.rows["bills"]}[5] == "Outra"
    paths = [request["path"] for request in simulator.requests]
    assert "/v1/customers/3/attachments" in paths
    assert "/v1/bills/5/taxes" in paths
    assert "/v1/companies" not in paths
    costs(simulator)
    again = run_tap(simulator.config | FAST | {"round": True}, streams=streams, state=run.state)
    assert again.code == 0
    assert not [r["path"] for r in simulator.requests if r["path"].count("/") > 3]


def test_a_read_of_everything_still_follows(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    streams = ["customers", "customers_attachments", "creditors"]
    config = simulator.config | FAST
    first = run_tap(config, streams=streams)
    state = days_pass(7, simulator, first.state)
    simulator.admin("/change", {"resource": "customers", "ids": [2], "delete": 1})
    costs(simulator)
    run = run_tap(config | {"round": True}, streams=streams, state=state)
    assert costs(simulator) == (2, 0)
    assert not run.activated
    night = run_tap(config, streams=streams, state=run.state)
    assert "customers" in night.activated
    assert 2 not in night.ids("customers")
    assert night.log["customers"]["extent"] == "full"


def test_what_was_never_read_whole_waits_for_the_night(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    streams = ["customers", "customers_attachments", "creditors", "bulk_income"]
    run = run_tap(simulator.config | FAST | {"round": True}, streams=streams)
    assert run.code == 0
    assert simulator.requests == []
    assert not run.rows["customers"]


def test_a_read_that_was_cut_off_is_not_gone_on_with(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    streams = ["customers", "creditors"]
    config = simulator.config | FAST | {"page_size": 2}
    cut = run_tap(config | {"daily_request_limit": 4}, streams=streams)
    left = {name for name, found in cut.state["bookmarks"].items() if "resume" in found}
    assert left
    simulator.quota_db.unlink()
    run = run_tap(config | {"round": True}, streams=streams, state=cut.state)
    assert run.code == 0
    assert all(run.state["bookmarks"][name] == cut.state["bookmarks"][name] for name in left)
