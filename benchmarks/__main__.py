"""Measure the tap as a process against the simulator: ``make bench``.

Every figure is a ratio of two runs on the same machine in the same session, so that it means the
same on a slow machine as on a fast one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from conftest import Simulator, running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LATENCY = 0.3
ROWS = 10_000
CONNECTIONS = 8
PROMISED_SECONDS = 1.3 * ROWS / 200 * LATENCY / CONNECTIONS
PROMISED_MEMORY = 1.2
PROMISED_UNDER_LIMITS = 1.05
PER_MINUTE = 200
WINDOW = 60
PAGE = 20
"""Records a page, so that requests are measured and not rows."""


class Cost(NamedTuple):
    """What one run of the tap took."""

    seconds: float
    megabytes: float
    rows: int


def sync_customers(simulator: Simulator, **settings: object) -> Cost:
    """Read ``customers`` alone with a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        config, catalog, output = (Path(folder, name) for name in ("config", "catalog", "output"))
        config.write_text(json.dumps(simulator.config | settings))
        command = [sys.executable, "-m", "tap_sienge", "--config", str(config)]
        found = json.loads(subprocess.run([*command, "--discover"], capture_output=True).stdout)
        for stream in found["streams"]:
            for metadata in stream["metadata"]:
                if not metadata["breadcrumb"]:
                    metadata["metadata"]["selected"] = stream["tap_stream_id"] == "customers"
        catalog.write_text(json.dumps(found))
        with output.open("wb") as stdout:
            start = time.perf_counter()
            process = subprocess.Popen(
                [*command, "--catalog", str(catalog)], stdout=stdout, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        if status:
            raise SystemExit(f"tap-sienge terminou com erro: {os.waitstatus_to_exitcode(status)}")
        rows = sum(b'"RECORD"' in line for line in output.open("rb"))
    return Cost(seconds, usage.ru_maxrss / 1024, rows)


@contextmanager
def prepared(rows: int, page: int = 200) -> Iterator[Simulator]:
    """Start a simulator that takes 300 ms for an answer and no time to calculate it."""
    options = ("--latency-ms", "300", "--rows", f"customers={rows}")
    with running_simulator(*options, "--remember", str(rows)) as simulator:
        with ThreadPoolExecutor(50) as pool:
            for offset in range(0, rows, page - 1):  # pages have a record in common
                pool.submit(simulator.get, "/v1/customers", limit=page, offset=offset)
        refreshed(simulator)
        yield simulator


def refreshed(simulator: Simulator) -> None:
    """Let a simulator forget who asked what, as after a minute."""
    simulator.admin("/requests", method="DELETE")
    simulator.admin("/clock", {"advance_seconds": WINDOW})


def latency() -> bool:
    """10,000 rows at 300 ms a page, against the promise and against one page at a time."""
    started, read = [], []
    for _ in range(3):
        with prepared(1) as simulator:
            started.append(sync_customers(simulator).seconds)
        with prepared(ROWS) as simulator:
            cost = sync_customers(simulator)
            assert cost.rows == ROWS, cost
            read.append(cost.seconds)
    with prepared(ROWS) as simulator:
        slow = sync_customers(simulator, max_connections=1).seconds
    took = median(read) - median(started)
    print(f"{ROWS} clientes, 300 ms de latência: {median(read):.2f} s no total")
    print(f"  partida (1 cliente)          {median(started):.2f} s")
    print(f"  leitura ÷ prometido          {took / PROMISED_SECONDS:.2f}  (até 1,00)")
    print(f"  uma conexão ÷ oito conexões  {slow / median(read):.1f}")
    return took <= PROMISED_SECONDS


def memory() -> bool:
    """Peak memory of 200,000 rows against that of 10,000."""
    peaks = []
    for rows in (10_000, 200_000):
        unlimited = "1000000"
        options = ("--rows", f"customers={rows}", "--requests-per-minute", unlimited)
        with running_simulator(*options) as simulator:
            cost = sync_customers(simulator, requests_per_minute=int(unlimited))
            assert cost.rows == rows, cost
            peaks.append(cost.megabytes)
    ratio = peaks[1] / peaks[0]
    print(f"memória: {peaks[0]:.0f} MB com 10.000 linhas, {peaks[1]:.0f} MB com 200.000")
    print(f"  200.000 ÷ 10.000             {ratio:.2f}  (até 1,20)")
    return ratio <= PROMISED_MEMORY


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


def one_by_one(simulator: Simulator, rows: int) -> float:
    """Read the same rows as a plain script does, which waits when it is refused."""
    start = time.perf_counter()
    for offset in range(0, rows, PAGE):
        while True:
            answer = simulator.get("/v1/customers", limit=PAGE, offset=offset)
            if answer.ok:
                break
            time.sleep(int(answer.headers["Retry-After"]))
        answer.json()
    return time.perf_counter() - start


def limits(sizes: Sequence[int] = (60, 400, 2000)) -> bool:
    """Syncs of 60, 400 and 2,000 requests under the true limits, against what these allow."""
    with prepared(1, PAGE) as simulator:
        started = median(sync_customers(simulator).seconds for _ in range(5))
    print(f"sincronizações sob os limites reais, 300 ms de latência, {CONNECTIONS} conexões")
    print("  requisições   mínimo (s)   tap (s)   tap ÷ mínimo   um por um (s)   (até 1,05)")
    kept = True
    for requests in sizes:
        rows = requests * (PAGE - 1) + 1
        options = ("--latency-ms", "300", "--rows", f"customers={rows}")
        with (
            running_simulator(*options) as ours,
            running_simulator(*options) as theirs,
            ThreadPoolExecutor() as pool,
        ):
            script = pool.submit(one_by_one, theirs, rows)
            runs = []
            for _ in range(max(PER_MINUTE // requests, 1)):  # as often as one window holds
                refreshed(ours)
                runs.append(sync_customers(ours, page_size=PAGE).seconds)
                assert [request["status"] for request in ours.requests] == [200] * requests
            took = median(runs) - started + LATENCY
            ratio = took / floor(requests)
            print(
                f"  {requests:>11}   {floor(requests):>10.1f}   {took:>7.1f}   {ratio:>12.2f}"
                f"   {script.result():>13.1f}"
            )
            kept = kept and ratio <= PROMISED_UNDER_LIMITS
    return kept


if __name__ == "__main__":
    measures = {"latency": latency, "memory": memory, "limits": limits}
    kept = [measures[name]() for name in sys.argv[1:] or measures]
    raise SystemExit(0 if all(kept) else 1)
