"""The second day, and what the parts of a sync cost by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sienge_simulator.testing import UNLIMITED

from benchmarks.contenders import contenders
from benchmarks.report import Figure, spread
from conftest import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Simulator

CHANGED = ("customers", "sales_contracts", "bills", "creditors", "units")


def second_day() -> Iterator[Figure]:
    """A day on which nothing changed, and one on which 1 % did, against the first."""
    with running_simulator(*UNLIMITED) as simulator, contenders() as found:

        def day() -> tuple[float, int]:
            simulator.admin("/requests", method="DELETE")
            seconds = found.sync(simulator.url).seconds
            return seconds, len(simulator.requests)

        days = {"primeiro dia": day(), "segundo dia, nada mudou": day()}
        change(simulator)
        days["terceiro dia, 1 % mudou"] = day()
    first, asked = days["primeiro dia"]
    for name, (seconds, requests) in days.items():
        yield Figure(
            name,
            f"{requests} requisições ({requests / asked:.2f} ×),"
            f" {seconds:.1f} s ({seconds / first:.2f} ×)",
        )


def change(simulator: Simulator) -> None:
    """Change one record in a hundred."""
    for resource in CHANGED:
        count = max(simulator.counts[resource] // 100, 1)
        simulator.admin("/change", {"resource": resource, "update": count})


def parts() -> Iterator[Figure]:
    """What starting costs, and the models."""
    with running_simulator(*UNLIMITED) as simulator, contenders() as found:
        runs = [found.sync(simulator.url, "companies.*") for _ in range(5)]
        yield Figure(
            "meltano run que lê uma página, do comando ao fim",
            f"{spread([run.seconds for run in runs])} s",
        )
        found.sync(simulator.url)
        built = [found.meltano(simulator.url, "run", "dbt:build") for _ in range(2)]
        yield Figure(
            "modelos (dbt build) sobre os dados da demonstração",
            f"{spread([build.seconds for build in built])} s",
        )
