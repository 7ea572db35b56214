"""How soon a change is in PostgreSQL, told by Sienge's events: ``python -m benchmarks.events``.

A simulated Sienge calls the real receiver, the panel reads by Meltano, under the API's own limit of
200 requests a minute. Prints, for 1, 10 and 50 changes a second in a minute, the median and the
95th percentile of the seconds from a change to the committed row (or a later one of the same
customer), and the requests that they cost; before, those of a round in which nothing changed.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING

import psycopg
from tap_sienge.streams import presets

from testing.pipeline import running_line
from tests.hooks import running_hooks

if TYPE_CHECKING:
    from testing.pipeline import Line

CUSTOMERS, RATES, SECONDS, PATIENCE = 2_000, (1, 10, 50), 60, 600
PAUSE = 0.1
SELECT = json.dumps([f"{name}.*" for name in [*presets()["padrao"], "sync_log"]])
ROWS = ("--rows", f"customers={CUSTOMERS}")


class Watch(threading.Thread):
    """Sees when each change is committed: the first look at which its row holds it."""

    def __init__(self, database: str) -> None:
        super().__init__(daemon=True)
        self._database = database
        self.waiting: dict[int, list[tuple[int, float]]] = {}
        """By customer, the numbers and moments of changes that were not seen yet."""
        self.lock = threading.Lock()
        self.seconds: list[float] = []

    def run(self) -> None:
        """Look until the database ends."""
        seen = "select id, substr(name, 9)::int from sienge.customers where name like 'mudança %'"
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self._database, autocommit=True) as connection,
        ):
            while True:
                rows = connection.execute(seen).fetchall()
                found, now = {row[0]: row[1] for row in rows}, time.monotonic()
                with self.lock:
                    for customer, changes in self.waiting.items():
                        landed = [at for number, at in changes if number <= found.get(customer, -1)]
                        self.seconds += [now - at for at in landed]
                        del changes[: len(landed)]
                time.sleep(PAUSE)

    def note(self, customer: int, number: int) -> None:
        """Wait for a change."""
        with self.lock:
            self.waiting.setdefault(customer, []).append((number, time.monotonic()))

    def end(self) -> list[float]:
        """Wait for what is still to come, and give the seconds of each change."""
        until = time.monotonic() + PATIENCE
        while any(self.waiting.values()) and time.monotonic() < until:
            time.sleep(PAUSE)
        with self.lock:
            lost = sum(map(len, self.waiting.values()))
            seconds, self.seconds, self.waiting = self.seconds, [], {}
        assert not lost, f"{lost} changes did not land within {PATIENCE} s"
        return seconds


def measure(line: Line, watch: Watch, rate: int, random: Random, first: int) -> int:
    """Make changes for some time; print how soon they landed. Gives the next change's number."""
    line.simulator.admin("/requests", method="DELETE")
    changed, begun, number = set(), time.monotonic(), first
    while (number - first) < rate * SECONDS:
        customer = random.randrange(1, CUSTOMERS + 1)
        change = {"resource": "customers", "ids": [customer], "update": 1}
        line.simulator.admin("/change", change | {"set": {"name": f"mudança {number}"}})
        watch.note(customer, number)
        changed.add(customer)
        number += 1
        time.sleep(max(begun + (number - first) / rate - time.monotonic(), 0))
    seconds = sorted(watch.end())
    cuts = quantiles(seconds, n=100)
    requests = len(line.simulator.requests)
    print(
        f"{rate:>3}/s: {len(seconds)} mudanças de {len(changed)} clientes;"
        f" mediana {cuts[49]:.1f} s, p95 {cuts[94]:.1f} s, máximo {seconds[-1]:.1f} s;"
        f" {requests} requisições, {requests / len(changed):.2f} por cliente",
        flush=True,
    )
    return number


def main() -> None:
    """Start everything, and measure."""
    with tempfile.TemporaryDirectory() as name, running_line(Path(name), *ROWS) as line:
        line.run(TAP_SIENGE__SELECT=SELECT)
        line.simulator.admin("/requests", method="DELETE")
        line.run(TAP_SIENGE__SELECT=SELECT, TAP_SIENGE_ROUND="true")
        paths = [request["path"] for request in line.simulator.requests]
        bulk = sum(path.startswith("/bulk-data") for path in paths)
        print(f"rodada sem mudanças: {len(paths) - bulk} requisições REST, {bulk} BULK", flush=True)
        own = {"TAP_SIENGE__SELECT": SELECT, "TAP_SIENGE_REQUESTS_PER_MINUTE": "200"}
        with running_hooks(line, Path(name), **own) as (_, receiver):
            hook = {
                "url": receiver.url + receiver.keys.path,
                "token": receiver.keys.token,
                "events": ["CUSTOMER_UPDATED"],
            }
            session = line.simulator.session
            session.post(f"{line.simulator.url}/v1/hooks", json=hook, timeout=60)
            watch, random, number = Watch(line.database), Random(0), 0
            watch.start()
            for rate in RATES:
                number = measure(line, watch, rate, random, number)


if __name__ == "__main__":
    main()
