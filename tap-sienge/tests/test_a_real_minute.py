"""The limits that Sienge counts in real time; each test waits for a minute of it.

In a file of their own, named to be the first, so that they wait beside the others.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]


def under_way(requests: list[dict[str, Any]]) -> int:
    """Requests that ran at one time, at most."""
    return max(sum(r["at"] <= one["at"] < r["done"] for r in requests) for one in requests)


def test_the_limit_of_a_minute_holds(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--rows", "customers=1000", "--latency-ms", "300")
    run = run_tap(simulator.config | {"page_size": 5}, streams=["customers"])
    assert run.code == 0
    assert run.log["customers"]["status"] == "ok"
    requests = simulator.requests
    assert len(requests) == 250
    assert {request["status"] for request in requests} == {200}
    assert under_way(requests) == 8
    arrivals = sorted(request["at"] for request in requests)
    for first, beyond in zip(arrivals, arrivals[200:], strict=False):
        assert beyond - first >= 60


def test_two_processes_share_the_minute(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--requests-per-minute", "30", "--latency-ms", "100")
    config = simulator.config | {"requests_per_minute": 30, "page_size": 60}
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run_tap, config, streams=[name]) for name in ("customers", "units")]
        runs = [one.result() for one in both]
    assert [run.code for run in runs] == [0, 0]
    requests = simulator.requests
    assert len(requests) > 30
    assert {request["status"] for request in requests} == {200}
    arrivals = sorted(request["at"] for request in requests)
    for first, beyond in zip(arrivals, arrivals[30:], strict=False):
        assert beyond - first >= 60


def test_a_second_run_over_the_same_streams_is_refused(simulator: Simulator, run_tap: Tap) -> None:
    slow = {"path": "/v1/customers", "kind": "latency", "latency_ms": 20_000}
    simulator.admin("/faults", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_tap, simulator.config, streams=["customers", "companies"])
        while not simulator.requests:
            time.sleep(0.01)
        second = run_tap(simulator.config, streams=["customers", "units"])
        assert second.code == 1
        assert "Outra sincronização deste Sienge está lendo customers" in second.stderr
        assert not second.messages
        assert run_tap(simulator.config, streams=["civil_status"]).code == 0
        assert first.result().code == 0
    assert run_tap(simulator.config, streams=["companies"]).code == 0


def test_the_day_s_quota_ends_the_run_without_error(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--plan", "free", "--rows", "customers=30000")
    run = run_tap(simulator.config, streams=["companies", "customers", "units"])
    assert run.code == 0
    assert run.log["companies"]["status"] == "ok"
    assert run.log["customers"]["status"] == run.log["units"]["status"] == "postponed"
    assert "continua amanhã" in run.stderr
    assert run.activated == {"companies"}
