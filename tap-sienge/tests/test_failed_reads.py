"""What a read that failed leaves for the next one, and for who wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator


def test_periods_without_an_answer_are_asked_for_again(
    simulator: Simulator, run_tap: Callable[..., Any]
) -> None:
    config = simulator.config | {"start_date": "2021-01-01", "max_retries": 0}
    missing = {"path": "/v1/bills", "kind": "status", "status": 404, "count": 2}
    broken = {"path": "/v1/bills", "kind": "status", "status": 500}
    simulator.admin("/faults", [missing, broken])
    config["max_connections"] = 1
    failed = run_tap(config, streams=["bills"])
    assert failed.log["bills"]["status"] == "failed"
    assert "2 de" in failed.log["bills"]["error"]
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
