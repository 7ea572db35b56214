"""A whole sync under the API's limits, in each of the ways that a user might choose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.contenders import NAMES, contenders
from benchmarks.report import Chart, Figure, spread
from benchmarks.tap import CONNECTIONS, LATENCY, WINDOW, prepared, sync_customers

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = {60: 5, 400: 3, 2000: 1}
"""How often a sync of so many requests is measured."""

LONG = 1000
"""Requests from which on all run side by side: they wait nearly all the time."""

PER_MINUTE = 200
PAGE = 20
"""Records a page, so that requests are measured and not rows."""

GOAL = 1.05
LIMITS = {"TAP_SIENGE_REQUESTS_PER_MINUTE": str(PER_MINUTE), "TAP_SIENGE_PAGE_SIZE": str(PAGE)}


def floor(requests: int) -> float:
    """Seconds that no client can undercut: by its connections, and by the window of a minute.

    A request starts once a connection is free, and a minute after the one 200 before it; the second
    one not before the first is answered, which tells how many there are.
    """
    starts: list[float] = []
    for number in range(requests):
        free = starts[number - CONNECTIONS] + LATENCY if number > CONNECTIONS else 0.0
        allowed = starts[number - PER_MINUTE] + WINDOW if number >= PER_MINUTE else 0.0
        told = LATENCY if number else 0.0
        starts.append(max(free, allowed, told))
    return starts[-1] + LATENCY


def sync(who: str, requests: int) -> float:
    """Give the seconds of one sync into an empty database, on a day that is not the first."""
    overlap = int(who == "ours")  # a record that comes with two pages tells that none moved
    rows = requests * (PAGE - overlap) + overlap
    with prepared(rows, PAGE - overlap, limit=PAGE) as simulator, contenders() as found:
        if who == "ours":
            found.discover(simulator.url, **LIMITS)
        cost = found.run(who, "paged", simulator.url, **LIMITS)
        assert found.rows(who, "paged") == rows, who
        assert sum(request["status"] == 200 for request in simulator.requests) == requests, who
    return cost.seconds


def alone(requests: int) -> list[float]:
    """Give the seconds of the tap's reads, its start left out."""
    with prepared(1) as simulator:
        start = median(sync_customers(simulator).seconds for _ in range(5)) - LATENCY
    rows = requests * (PAGE - 1) + 1
    took = []
    for _ in range(TIMES[requests]):
        with prepared(rows, PAGE - 1, limit=PAGE) as simulator:
            took.append(sync_customers(simulator, page_size=PAGE).seconds - start)
    return took


def figure(name: str, seconds: list[float], least: float, *, bound: bool) -> Figure:
    """Tell how far a time is from what is possible."""
    ratio = median(seconds) / least
    value = f"{spread(seconds)} s, {ratio:.2f} × o mínimo"
    return Figure(name, value, "até 1,05 ×" if bound else "", not bound or ratio <= GOAL)


def limits(requests: int) -> Iterator[Figure | Chart]:
    """Measure syncs of so many requests in all ways, against what is possible."""
    least = floor(requests)
    yield Figure("mínimo possível", f"{least:.1f} s")
    bars = {"mínimo possível": least}
    with ThreadPoolExecutor(len(NAMES) if requests > LONG else 1) as pool:
        runs = {
            who: [pool.submit(sync, who, requests) for _ in range(TIMES[requests])] for who in NAMES
        }
        for who, futures in runs.items():
            seconds = [future.result() for future in futures]
            yield figure(NAMES[who], seconds, least, bound=who == "ours" and requests > PER_MINUTE)
            bars[NAMES[who]] = median(seconds)
    if requests <= LONG:
        yield figure("só o tap, sem a partida", alone(requests), least, bound=True)
    yield Chart(f"{requests} requisições sob os limites", "s", bars)
