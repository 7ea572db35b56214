"""The tap alone against the simulator: latency and memory."""

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

from benchmarks.report import Figure, spread
from testing.simulator import Simulator, running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

LATENCY = 0.3
ROWS = 10_000
CONNECTIONS = 8
WINDOW = 60
PROMISED_SECONDS = 1.3 * ROWS / 200 * LATENCY / CONNECTIONS
PROMISED_MEMORY = 1.2


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
def prepared(rows: int, step: int = 199, limit: int = 200) -> Iterator[Simulator]:
    """Start a simulator that takes 300 ms for an answer and no time to calculate it.

    ``step`` is how far apart the pages begin that will be asked for.
    """
    options = ("--latency-ms", "300", "--rows", f"customers={rows}")
    with running_simulator(*options, "--remember", str(rows)) as simulator:
        with ThreadPoolExecutor(50) as pool:
            for offset in range(0, rows, step):
                pool.submit(simulator.get, "/v1/customers", limit=limit, offset=offset)
        simulator.admin("/requests", method="DELETE")  # as after a minute
        simulator.admin("/clock", {"advance_seconds": WINDOW})
        yield simulator


def latency() -> Iterator[Figure]:
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
    took = (median(read) - median(started)) / PROMISED_SECONDS
    yield Figure("10.000 clientes em 50 páginas de 300 ms", f"{spread(read)} s")
    yield Figure("só a partida (1 cliente)", f"{spread(started)} s")
    yield Figure("leitura ÷ (1,3 × 50 × 0,3 s ÷ 8 conexões)", f"{took:.2f}", "até 1,00", took <= 1)
    yield Figure("uma conexão ÷ oito", f"{slow / median(read):.1f}")


def memory() -> Iterator[Figure]:
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
    yield Figure("memória do tap com 10.000 linhas", f"{peaks[0]:.0f} MB")
    yield Figure("memória do tap com 200.000 linhas", f"{peaks[1]:.0f} MB")
    yield Figure("200.000 ÷ 10.000", f"{ratio:.2f}", "até 1,20", ratio <= PROMISED_MEMORY)
