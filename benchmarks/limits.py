"""A whole sync under the API's limits, in each of the ways that a user might choose."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.contenders import NAMES, contenders
from benchmarks.report import Chart, Figure, spread
from conftest import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = {2000: 1, 400: 2, 60: 5}
"""Requests of a sync, and how often it is measured."""

START = 20
"""Seconds after which the others, which wait nearly all the time, leave the processors alone."""

LATENCY = 0.3
CONNECTIONS = 8
PER_MINUTE = 200
WINDOW = 60
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
    """Give the seconds of one sync into an empty database."""
    rows = requests * (PAGE - int(who == "ours")) + int(who == "ours")  # ours overlaps by one
    options = ("--latency-ms", "300", "--rows", f"customers={rows}")
    with running_simulator(*options) as simulator, contenders() as found:
        cost = found.run(who, "paged", simulator.url, **LIMITS)
        assert found.rows(who, "paged") == rows, who
        assert sum(request["status"] == 200 for request in simulator.requests) == requests, who
    return cost.seconds


def limits() -> Iterator[Figure | Chart]:
    """Syncs of 2,000, 400 and 60 requests in all ways, against what is possible."""
    for requests, times in SIZES.items():
        least = floor(requests)
        with ThreadPoolExecutor() as pool:
            others = {who: pool.submit(sync, who, requests) for who in NAMES if who != "ours"}
            time.sleep(START)
            took = {"ours": [sync("ours", requests) for _ in range(times)]}
            took |= {who: [run.result()] for who, run in others.items()}
        yield Figure(f"{requests} requisições: mínimo possível", f"{least:.1f} s")
        for who, seconds in took.items():
            ratio = median(seconds) / least
            bound = who == "ours" and requests > PER_MINUTE
            yield Figure(
                f"{requests} requisições: {NAMES[who]}",
                f"{spread(seconds)} s, {ratio:.2f} × o mínimo",
                "até 1,05 ×" if bound else "",
                not bound or ratio <= GOAL,
            )
        bars = {"mínimo possível": least}
        bars |= {NAMES[who]: median(seconds) for who, seconds in took.items()}
        yield Chart(f"Sincronização de {requests} requisições", "s", bars)
