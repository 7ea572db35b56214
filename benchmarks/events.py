"""How soon a change is in PostgreSQL, told by Sienge's events: ``python -m benchmarks.events``.

A simulated Sienge calls the real receiver, the panel reads by Meltano, under the API's own limit of
200 requests a minute. Prints, for 1, 10 and 50 changes a second in a minute, the median and the
95th percentile of the seconds from a change to the committed row (or a later one of the same
customer), the requests that they cost, and the milliseconds in which the receiver answered, once
the event was on the disk; before, those of a round in which nothing changed. With ``--marts`` the
seconds until the models show it, one change a second: those of customers, and those of sales, on
which most models depend.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from tap_sienge.streams import presets

from testing.pipeline import running_line
from tests.hooks import running_hooks

if TYPE_CHECKING:
    from testing.pipeline import Line

MANY, RATES, SECONDS, PATIENCE = 2_000, (1, 10, 50), 60, 600
PAUSE = 0.1
SELECT = json.dumps([f"{name}.*" for name in [*presets()["padrao"], "sync_log"]])
ROWS = ("--rows", f"customers={MANY}")


class Subject(NamedTuple):
    """What is changed, with its event, and where the text "mudança N" is then looked for."""

    resource: str
    field: str
    event: str
    seen: str
    key: str
    column: str

    @property
    def query(self) -> str:
        """Give the rows in which a change was seen, each with the change's number."""
        return (
            f"select {self.key}, substr({self.column}, 9)::int from {self.seen}"
            f" where {self.column} like 'mudança %'"
        )


ROW = Subject("customers", "name", "CUSTOMER_UPDATED", "sienge.customers", "id", "name")
MARTS = (
    ROW._replace(seen="marts.dim_cliente", key="codigo_cliente", column="nome_cliente"),
    Subject(
        *("sales_contracts", "number", "SALES_CONTRACT_UPDATED"),
        *("marts.fato_vendas", "codigo_contrato_venda", "numero_contrato"),
    ),
)


class Watch(threading.Thread):
    """Sees when each change is committed: the first look at which its row holds it."""

    def __init__(self, database: str, query: str) -> None:
        super().__init__(daemon=True)
        self._database, self._query = database, query
        self.waiting: dict[int, list[tuple[int, float]]] = {}
        """By record, the numbers and moments of changes that were not seen yet."""
        self.lock = threading.Lock()
        self.seconds: list[float] = []

    def run(self) -> None:
        """Look until the database ends."""
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self._database, autocommit=True) as connection,
        ):
            while True:
                rows = connection.execute(self._query).fetchall()
                found, now = {row[0]: row[1] for row in rows}, time.monotonic()
                with self.lock:
                    for record, changes in self.waiting.items():
                        landed = [at for number, at in changes if number <= found.get(record, -1)]
                        self.seconds += [now - at for at in landed]
                        del changes[: len(landed)]
                time.sleep(PAUSE)

    def note(self, record: int, number: int) -> None:
        """Wait for a change."""
        with self.lock:
            self.waiting.setdefault(record, []).append((number, time.monotonic()))

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


def measure(line: Line, subject: Subject, watch: Watch, rate: int, first: int) -> int:
    """Make changes for some time; print how soon they landed. Gives the next change's number."""
    line.simulator.admin("/requests", method="DELETE")
    random, keys = Random(first), [row["id"] for row in line.simulator.truth(subject.resource)]
    changed, begun, number = set(), time.monotonic(), first
    while (number - first) < rate * SECONDS:
        key = random.choice(keys)
        change = {"resource": subject.resource, "ids": [key], "update": 1}
        line.simulator.admin("/change", change | {"set": {subject.field: f"mudança {number}"}})
        watch.note(key, number)
        changed.add(key)
        number += 1
        time.sleep(max(begun + (number - first) / rate - time.monotonic(), 0))
    seconds = sorted(watch.end())
    cuts = quantiles(seconds, n=100)
    requests = len(line.simulator.requests)
    told = line.simulator.admin("/hooks")["events"][first:]
    answered = sorted(
        1000 * (attempt["done"] - attempt["at"]) for one in told for attempt in one["attempts"]
    )
    answers = quantiles(answered, n=100)
    print(
        f"{subject.seen}, {rate}/s: {len(seconds)} mudanças de {len(changed)} registros;"
        f" mediana {cuts[49]:.1f} s, p95 {cuts[94]:.1f} s, máximo {seconds[-1]:.1f} s;"
        f" {requests} requisições, {requests / len(changed):.2f} por registro;"
        f" aviso respondido em {answers[49]:.0f} ms, p95 {answers[94]:.0f} ms,"
        f" máximo {answered[-1]:.0f} ms",
        flush=True,
    )
    return number


def main() -> None:
    """Start everything, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marts", action="store_true", help="until the models show the changes")
    marts = parser.parse_args().marts
    with (
        tempfile.TemporaryDirectory() as name,
        running_line(Path(name), *ROWS, durable=True) as line,
    ):
        line.run(TAP_SIENGE__SELECT=SELECT)
        line.simulator.admin("/requests", method="DELETE")
        if marts:
            line.meltano("invoke", "dbt", "build")
        else:
            line.run(TAP_SIENGE__SELECT=SELECT, TAP_SIENGE_ROUND="true")
            paths = [request["path"] for request in line.simulator.requests]
            bulk = sum(path.startswith("/bulk-data") for path in paths)
            print(
                f"rodada sem mudanças: {len(paths) - bulk} requisições REST, {bulk} BULK",
                flush=True,
            )
        own = {
            "TAP_SIENGE__SELECT": SELECT,
            "TAP_SIENGE_REQUESTS_PER_MINUTE": "200",
            "PANEL_HOOKS_MODELS": str(marts).lower(),
        }
        subjects = MARTS if marts else [ROW]
        with running_hooks(line, Path(name), **own) as (_, receiver):
            hook = {
                "url": receiver.url + receiver.keys.path,
                "token": receiver.keys.token,
                "events": [subject.event for subject in subjects],
            }
            session = line.simulator.session
            session.post(f"{line.simulator.url}/v1/hooks", json=hook, timeout=60)
            number = 0
            for subject in subjects:
                watch = Watch(line.database, subject.query)
                watch.start()
                for rate in (1,) if marts else RATES:
                    number = measure(line, subject, watch, rate, number)


if __name__ == "__main__":
    main()
