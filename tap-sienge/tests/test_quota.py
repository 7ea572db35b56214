"""The day's quota: counted by all processes, never exceeded, and nothing paid for twice."""

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


def asked(simulator: Simulator, path: str) -> list[str]:
    """Queries with which a path was asked for."""
    return [r["query"] for r in simulator.requests if r["path"] == path]


def pages(rows: int, size: int = 200) -> int:
    """Pages that rows fill, each beginning with the last row of the one before."""
    return -(-(rows - 1) // (size - 1))


def true_ids(simulator: Simulator, stream: str) -> set[int]:
    return {record["id"] for record in simulator.truth(stream)}


@pytest.mark.parametrize(
    "limit", [{"daily_request_limit": 3}, {"daily_request_limit": 5, "quota_reserve": 2}]
)
def test_a_spent_day_ends_the_run_in_order(
    simulator: Simulator, run_tap: Tap, limit: dict[str, int]
) -> None:
    run = run_tap(simulator.config | limit, streams=["companies", "customers", "units"])
    assert run.code == 0
    assert len(simulator.requests) == 3
    assert run.log["companies"]["status"] == "ok"
    assert run.log["customers"]["status"] == run.log["units"]["status"] == "postponed"
    assert run.log["customers"]["rows"] == len(run.rows["customers"]) == 399
    assert run.activated == {"companies"}
    assert run.state["bookmarks"]["customers"]["resume"]
    again = run_tap(simulator.config | limit, streams=["companies", "units"], state=run.state)
    assert again.code == 0
    assert len(simulator.requests) == 3, "the day is spent for other runs, too"
    assert {entry["status"] for entry in again.log.values()} == {"postponed"}


def test_the_plan_gives_the_quota(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--rows", "customers=30000")
    run = run_tap(simulator.config | {"plan": "free"}, streams=["customers"])
    assert run.code == 0
    assert len(simulator.requests) == 100
    assert run.log["customers"]["status"] == "postponed"


def test_bulk_goes_on_when_rest_is_spent(simulator: Simulator, run_tap: Tap) -> None:
    config = simulator.config | {"daily_request_limit": 1, "bulk_mode": "sync"}
    run = run_tap(config, streams=["customers", "bulk_outcome"])
    assert run.log["customers"]["status"] == "postponed"
    assert run.log["bulk_outcome"]["status"] == "ok"
    config |= {"daily_request_limit": 100, "daily_bulk_limit": 0}
    run = run_tap(config, streams=["companies", "bulk_outcome"])
    assert run.log["companies"]["status"] == "ok"
    assert run.log["bulk_outcome"]["status"] == "postponed"


def test_the_stalest_streams_come_first_next_day(simulator: Simulator, run_tap: Tap) -> None:
    streams = ["companies", "creditors", "enterprises", "units"]
    config = simulator.config | {"daily_request_limit": 2}
    first = run_tap(config, streams=streams)
    done = {name for name, entry in first.log.items() if entry["status"] == "ok"}
    assert 0 < len(done) < len(streams)
    simulator.admin("/requests", method="DELETE")
    config["daily_request_limit"] = 100
    second = run_tap(config, streams=streams, state=days_pass(1, simulator, first.state))
    order = list(second.log)
    assert set(order[: len(streams) - len(done)]) == set(streams) - done


@pytest.mark.parametrize(
    "change",
    [{}, {"delete": 30}, {"create": 30}, {"create": 250, "delete": 450}],
    ids=["unchanged", "deleted", "created", "both"],
)
def test_a_table_larger_than_a_day_is_read_over_several(
    simulator: Simulator, run_tap: Tap, change: dict[str, int]
) -> None:
    config, state = simulator.config | {"daily_request_limit": 3}, None
    landed: set[int] = set()
    for day in range(9):
        run = run_tap(config, streams=["customers"], state=state)
        landed |= run.ids("customers")
        if run.log["customers"]["status"] == "ok":
            break
        assert run.log["customers"]["status"] == "postponed"
        assert not run.activated, "nothing is concluded before the end"
        state = days_pass(1, simulator, run.state)
        if change and day == 0:
            simulator.admin("/change", {"resource": "customers"} | change)
    assert day > 0
    assert run.log["customers"]["status"] == "ok"
    assert run.activated == {"customers"}
    assert true_ids(simulator, "customers") <= landed
    versions = {
        message["version"]
        for message in run.messages
        if message.get("stream") == "customers" and "version" in message
    }
    assert len(versions) == 1
    requests = len(asked(simulator, "/v1/customers"))
    assert requests <= 7 + day * 3 + 3, "an overlap a day, not all over again"
    bookmark = run.state["bookmarks"]["customers"]
    assert "resume" not in bookmark
    assert bookmark["replication_key_value"] == bookmark["full_read_at"], "when the read began"
    assert bookmark["full_read_at"] < bookmark["ended_at"][:10]


def test_children_go_on_where_they_stopped(simulator: Simulator, run_tap: Tap) -> None:
    streams = ["bills", "bills_installments"]
    config = simulator.config | {"start_date": "2026-01-01"}
    whole = run_tap(config, streams=streams)
    bills = len(asked(simulator, "/v1/bills"))
    children = whole.log["bills_installments"]["requests"]
    simulator.admin("/requests", method="DELETE")
    state: dict[str, Any] | None = days_pass(1, simulator, {}) or None
    config["daily_request_limit"] = bills + children // 2
    runs = []
    while not runs or runs[-1].log["bills_installments"]["status"] == "postponed":
        runs.append(run_tap(config, streams=streams, state=state))
        state = days_pass(1, simulator, runs[-1].state)
    assert 2 <= len(runs) <= 3
    asked_for = [r["path"] for r in simulator.requests if "/installments" in r["path"]]
    assert len(asked_for) == len(set(asked_for)) == children
    assert runs[-1].log["bills_installments"]["status"] == "ok"
    assert "bills_installments" in runs[-1].activated
    rows = [row for run in runs for row in run.rows["bills_installments"]]
    keys = {(row["bill_id"], row["installment_number"]) for row in rows}
    assert keys == {
        (row["bill_id"], row["installment_number"]) for row in whole.rows["bills_installments"]
    }
    simulator.admin("/requests", method="DELETE")
    run_tap(config, streams=streams, state=state)
    assert not [r for r in simulator.requests if "/installments" in r["path"]]


def test_children_of_a_parent_that_takes_days_are_all_asked_for(
    simulator: Simulator, run_tap: Tap
) -> None:
    streams = ["customers", "customers_attachments"]
    config, state = simulator.config | {"daily_request_limit": 4}, None
    simulator.admin("/change", {"resource": "customers", "delete": 780})
    true = true_ids(simulator, "customers")
    config |= {"page_size": 60}
    for _ in range(400):
        run = run_tap(config, streams=streams, state=state)
        state = days_pass(1, simulator, run.state)
        config["daily_request_limit"] = 200
        if {entry["status"] for entry in run.log.values()} == {"ok"}:
            break
    paths = [r["path"] for r in simulator.requests if "/attachments" in r["path"]]
    assert {int(path.split("/")[3]) for path in paths} == true
    assert len(paths) == len(set(paths))


def test_no_page_is_asked_for_twice_nor_past_the_last(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config | {"bulk_requests_per_minute": 1000})
    assert run.code == 0
    requests = [(r["path"], r["query"]) for r in simulator.requests if "/async/" not in r["path"]]
    assert len(requests) == len(set(requests)) > 100
    for stream, rows in run.rows.items():
        if stream in {"customers", "units", "creditors", "sales_contracts"}:
            path = f"/v1/{stream.replace('_', '-')}"
            assert len(asked(simulator, path)) == pages(len(rows)), stream


def test_a_resource_that_rarely_changes_is_read_weekly(simulator: Simulator, run_tap: Tap) -> None:
    def asked_on_a_day(state: dict[str, Any], **settings: object) -> tuple[int, dict[str, Any]]:
        simulator.admin("/requests", method="DELETE")
        run = run_tap(simulator.config | settings, streams=["professions"], state=state)
        assert run.log["professions"]["status"] == "ok"
        extent = "full" if simulator.requests else "none"
        assert run.log["professions"]["extent"] == extent
        return len(simulator.requests), run.state

    count, state = asked_on_a_day({})
    assert count == 1
    count, state = asked_on_a_day(days_pass(6, simulator, state))
    assert count == 0
    assert asked_on_a_day(state, full_refresh_days={"professions": 6})[0] == 1
    assert asked_on_a_day(state, full_refresh_days={"*": 5})[0] == 1
    assert asked_on_a_day(state, full_refresh_days={"*": 5, "professions": 8})[0] == 0
    assert asked_on_a_day(days_pass(1, simulator, state))[0] == 1


@pytest.mark.parametrize("change", [None, {"create": 1}, {"delete": 1}])
def test_a_first_page_tells_whether_creditors_changed(
    simulator: Simulator, run_tap: Tap, change: dict[str, int] | None
) -> None:
    config = simulator.config | {"page_size": 50}
    first = run_tap(config, streams=["creditors"])
    assert len(simulator.requests) > 3
    if change:
        simulator.admin("/change", {"resource": "creditors"} | change)
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["creditors"], state=days_pass(1, simulator, first.state))
    needed = pages(simulator.counts["creditors"], 50)
    assert len(simulator.requests) == (needed if change else 1)
    assert ("creditors" in second.activated) == bool(change)
    assert second.log["creditors"]["extent"] == ("full" if change else "none")
    third = run_tap(config, streams=["creditors"], state=days_pass(7, simulator, second.state))
    assert third.activated == {"creditors"}, "and read whole once a week"


def test_commissions_due_long_ago_are_read_weekly(simulator: Simulator, run_tap: Tap) -> None:
    first = run_tap(simulator.config, streams=["commissions"])
    simulator.admin("/requests", method="DELETE")
    second = run_tap(
        simulator.config, streams=["commissions"], state=days_pass(1, simulator, first.state)
    )
    assert "startingDueDate=" in asked(simulator, "/v1/commissions")[0]
    assert 0 < len(second.rows["commissions"]) < len(first.rows["commissions"]) / 2
    assert not second.activated


def test_an_outage_does_not_eat_the_quota(simulator: Simulator, run_tap: Tap) -> None:
    first = run_tap(simulator.config, streams=["companies"])
    fault = {"path": "", "kind": "status", "status": 503, "count": 1000, "retry_after": 0}
    simulator.admin("/faults", fault)
    simulator.admin("/requests", method="DELETE")
    streams = ["creditors", "units", "enterprises", "checking_accounts", "nfes", "price_tables"]
    run = run_tap(
        simulator.config | {"max_retries": 3, "max_connections": 1},
        streams=["companies", *streams],
        state=first.state,
    )
    assert run.code == 1
    assert {entry["status"] for entry in run.log.values()} <= {"failed"}
    assert len(simulator.requests) == 3 * 4 + 4, "three streams try again, the rest only once"
