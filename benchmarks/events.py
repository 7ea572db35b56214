"""How soon a change is in PostgreSQL, told by Sienge's events: ``python -m benchmarks.events``.

A simulated Sienge calls the real receiver, the panel reads by Meltano, under the API's own limits
of 200 requests a minute, 20 of them BULK. Prints, for customers, sales and payments of bills, each
with 1, 10 and 50 changes a second in a minute, the median and the 95th percentile of the seconds
from a change to the committed row (or a later one of the same record), the requests that they cost,
and the milliseconds in which the receiver answered, once the event was on the disk; before, those
of a round in which nothing changed. With ``--marts`` the seconds until the models show it, one
change a second.
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
    from collections.abc import Callable

    from testing.pipeline import Line

RATES, SECONDS, PATIENCE = (1, 10, 50), 60, 600
PAUSE = 0.1
MARK, PAID = 1_000_000_000, "2026-11-27"
SELECT = json.dumps([f"{name}.*" for name in [*presets()["padrao"], "sync_log"]])
SIZE = ("--rows", "customers=2000", "--rows", "sales_contracts=500", "--rows", "bills=500")


class Subject(NamedTuple):
    """What is changed, with its event, and where the number of the change is then looked for."""

    resource: str
    id: tuple[str, ...]
    """The fields of the record's id in the API."""
    event: str
    values: Callable[[int], dict[str, object]]
    """What the change with that number sets."""
    seen: str
    key: str
    number: str
    """What is 1,000,000,000 and the number where the change is seen, in SQL."""

    @property
    def query(self) -> str:
        """Give the rows in which a change was seen, each with the change's number."""
        return (
            f"select {self.key}, ({self.number} - {MARK})::bigint from {self.seen}"
            f" where {self.number} >= {MARK}"
        )


def named(field: str) -> Callable[[int], dict[str, object]]:
    """Give a change of a text."""
    return lambda number: {field: f"mudança {MARK + number}"}


def paid(number: int) -> dict[str, object]:
    """Give an installment's payment, of an amount that no other has."""
    amount = MARK + number
    kind = {"operationTypeId": 1, "operationTypeName": "Pagamento", "sequencialNumber": 1}
    return {"payments": [kind | {"grossAmount": amount, "netAmount": amount, "paymentDate": PAID}]}


NUMBER = "substr(substring({} from '^mudança .*'), 9)::bigint"
CUSTOMER = ("customers", ("id",), "CUSTOMER_UPDATED", named("name"))
SALE = ("sales_contracts", ("id",), "SALES_CONTRACT_UPDATED", named("number"))
PAYMENT = ("bulk_outcome", ("companyId", "billId", "installmentId"), "BILL_UPDATED", paid)
ROWS = (
    Subject(*CUSTOMER, "sienge.customers", "id::text", NUMBER.format("name")),
    Subject(*SALE, "sienge.sales_contracts", "id::text", NUMBER.format("number")),
    Subject(
        *PAYMENT,
        *("sienge.bulk_outcome", "concat_ws('_', company_id, bill_id, installment_id)"),
        "(payments -> 0 ->> 'netAmount')::numeric",
    ),
)
MARTS = (
    Subject(*CUSTOMER, "marts.dim_cliente", "codigo_cliente::text", NUMBER.format("nome_cliente")),
    Subject(
        *SALE,
        *("marts.fato_vendas", "codigo_contrato_venda::text", NUMBER.format("numero_contrato")),
    ),
    Subject(
        *PAYMENT,
        "marts.fato_baixas",
        "concat_ws('_', codigo_empresa, numero_titulo, codigo_parcela)",
        "valor_liquido",
    ),
)


class Watch(threading.Thread):
    """Sees when each change is committed: the first look at which its row holds it."""

    def __init__(self, database: str, query: str) -> None:
        super().__init__(daemon=True)
        self._database, self._query = database, query
        self.waiting: dict[str, list[tuple[int, float]]] = {}
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

    def note(self, record: str, number: int) -> None:
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
    time.sleep(60)  # else it would wait for the minute of those before
    line.simulator.admin("/requests", method="DELETE")
    rows, random = line.simulator.truth(subject.resource), Random(first)
    keys = ["_".join(str(row[name]) for name in subject.id) for row in rows]
    changed, begun, number = set(), time.monotonic(), first
    while (number - first) < rate * SECONDS:
        key = random.choice(keys)
        change = {"resource": subject.resource, "ids": [key], "update": 1}
        line.simulator.admin("/change", change | {"set": subject.values(number)})
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
        running_line(Path(name), *SIZE, durable=True) as line,
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
            "TAP_SIENGE_BULK_REQUESTS_PER_MINUTE": "20",
            "PANEL_HOOKS_MODELS": str(marts).lower(),
        }
        subjects = MARTS if marts else ROWS
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
