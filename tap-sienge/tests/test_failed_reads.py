"""What a read that failed leaves for the next one, and for who wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

NOT_FOUND = {"kind": "status", "status": 404, "count": 1_000_000}
"""What the API says in its own words of a filter that finds nothing (FACTS)."""


def test_periods_without_an_answer_are_asked_for_again(
    simulator: Simulator, run_tap: Callable[..., Any]
) -> None:
    config = simulator.config | {"start_date": "2021-01-01", "max_retries": 0}
    missing = {"path": "/v1/bills", "kind": "html", "status": 404, "count": 2}
    broken = {"path": "/v1/bills", "kind": "status", "status": 500}
    simulator.admin("/faults", [missing, broken])
    config["max_connections"] = 1
    failed = run_tap(config, streams=["bills"])
    assert failed.log["bills"]["status"] == "failed"
    assert "404" in failed.log["bills"]["error"]
    assert not failed.activated
    resumed = run_tap(config, streams=["bills"], state=failed.state)
    assert resumed.log["bills"]["status"] == "ok"
    rows = {row["id"] for row in failed.rows["bills"] + resumed.rows["bills"]}
    assert rows == {bill["id"] for bill in simulator.truth("bills")}


def test_a_run_in_which_everything_failed_is_told_in_sync_log(
    simulator: Simulator, run_tap: Callable[..., Any]
) -> None:
    simulator.admin("/faults", {"path": "/v1", "kind": "status", "status": 503, "count": 100})
    run = run_tap(simulator.config | {"max_retries": 0}, streams=["creditors", "customers"])
    assert run.code == 1
    assert {name: row["status"] for name, row in run.log.items()} == {
        "creditors": "failed",
        "customers": "failed",
    }


def test_a_period_of_which_the_api_says_that_it_is_empty_is_no_doubt(
    simulator: Simulator, run_tap: Callable[..., Any]
) -> None:
    config = simulator.config | {"start_date": "2000-01-01", "full_refresh_days": {"*": 0}}
    bills = simulator.truth("bills")
    years = {str(bill["issueDate"])[:4] for bill in bills}

    def empty(*years: str) -> None:
        starts = [{"startDate": f"{year}-01-01"} for year in years]
        simulator.admin("/faults", [{"path": "/v1/bills", "query": q} | NOT_FOUND for q in starts])

    empty(*{str(year) for year in range(2000, 2080)} - years)
    first = run_tap(config, streams=["bills"])
    assert first.log["bills"]["status"] == "ok", first.log["bills"]
    assert first.activated == {"bills"}
    assert first.ids("bills") == {bill["id"] for bill in bills}

    # Where rows were, it must say so again on another day.
    empty(max(years))
    second = run_tap(config, streams=["bills"], state=first.state)
    assert second.log["bills"]["status"] == "incomplete"
    assert not second.activated
    third = run_tap(config, streams=["bills"], state=days_pass(1, simulator, second.state))
    assert third.log["bills"]["status"] == "ok"
    assert third.activated == {"bills"}


@pytest.mark.parametrize("status", [404, 204])
def test_nothing_changed_or_recent_is_no_missing_resource(
    simulator: Simulator, run_tap: Callable[..., Any], status: int
) -> None:
    streams = ["customers", "bills"]
    read = [*streams, "companies"]
    first = run_tap(simulator.config, streams=read)
    paths = ("/v1/customers", "/v1/bills")
    nothing = NOT_FOUND | {"status": status}
    simulator.admin("/faults", [{"path": path} | nothing for path in paths])
    state = days_pass(1, simulator, first.state)
    second = run_tap(simulator.config, streams=read, state=state)
    assert {second.log[stream]["status"] for stream in streams} == {"ok"}, second.log
    assert second.activated == {"companies"}

    simulator.admin("/faults", method="DELETE")
    html = NOT_FOUND | {"kind": "html"}
    simulator.admin("/faults", [{"path": path} | html for path in paths])
    third = run_tap(simulator.config, streams=read, state=state)
    assert {third.log[stream]["status"] for stream in streams} == {"skipped"}
