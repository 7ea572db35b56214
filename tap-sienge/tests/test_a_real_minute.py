"""The limits that Sienge counts in real time; each test waits for a minute of it.

In a file of their own, named to be the first, so that they wait beside the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]


def under_way(requests: list[dict[str, Any]]) -> int:
    """Requests that ran at one time, at most."""
    return max(sum(r["at"] <= one["at"] < r["done"] for r in requests) for one in requests)


def test_the_limit_of_a_minute_holds(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--rows", "customers=1000", "--latency-ms", "300")
    run = run_tap(simulator.config | {"page_size": 4}, streams=["customers"])
    assert run.code == 0
    assert run.log["customers"]["status"] == "ok"
    requests = simulator.requests
    assert len(requests) == 250
    assert {request["status"] for request in requests} == {200}
    assert under_way(requests) == 8
    arrivals = sorted(request["at"] for request in requests)
    for first, beyond in zip(arrivals, arrivals[200:], strict=False):
        assert beyond - first >= 60


def test_the_day_s_quota_ends_the_run_without_error(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--plan", "free", "--rows", "customers=30000")
    run = run_tap(simulator.config, streams=["companies", "customers", "units"])
    assert run.code == 0
    assert run.log["companies"]["status"] == "ok"
    assert run.log["customers"]["status"] == run.log["units"]["status"] == "postponed"
    assert "continua amanhã" in run.stderr
    assert run.activated == {"companies"}
