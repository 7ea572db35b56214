"""The second day, and what the parts of a sync cost by themselves."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
from sienge_simulator.testing import UNLIMITED

from benchmarks.contenders import contenders
from benchmarks.report import Figure, spread
from demo.postgres import Postgres
from testing.pipeline import ROOT
from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.simulator import Simulator

IMAGE = "tap-sienge"

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
    counts = simulator.counts
    for resource in CHANGED:
        count = max(counts[resource] // 100, 1)
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
    yield demonstration()
    yield image()


def demonstration() -> Figure:
    """The time from ``make demo`` in a fresh clone to the first row, installation included."""
    with TemporaryDirectory() as folder:
        clone = Path(folder, "tap-sienge")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        started = time.perf_counter()
        with subprocess.Popen(
            ["make", "demo"], cwd=clone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as demo:
            while not (landed := has_rows(Postgres(clone))) and demo.poll() is None:
                time.sleep(0.1)
            first = time.perf_counter() - started
            demo.wait()
        whole = time.perf_counter() - started
        subprocess.run(["make", "--silent", "clean"], cwd=clone, check=True)
    if not landed or demo.returncode:
        raise SystemExit("make demo falhou num clone novo.")
    return Figure(
        "make demo num clone novo, com a instalação (pacotes já baixados)",
        f"{first:.0f} s até a primeira linha, {whole:.0f} s ao todo",
    )


def has_rows(server: Postgres) -> bool:
    """Whether a table has a row."""
    with suppress(OSError, psycopg.Error), psycopg.connect(server.url) as connection:
        tables = connection.execute(
            "select quote_ident(tablename) from pg_tables where schemaname = 'sienge'"
        ).fetchall()
        ask = "select exists (select from sienge.{})"
        return any(connection.execute(ask.format(*name)).fetchone() == (True,) for name in tables)
    return False


def image() -> Figure:
    """The size of the newest image that `make up` or `make test-docker` has built."""
    found = ""
    with suppress(OSError):
        found = subprocess.run(
            ["docker", "images", "--format", "json", IMAGE], capture_output=True, text=True
        ).stdout
    size = json.loads(found.splitlines()[0])["Size"] if found else "não medido: falta o Docker"
    return Figure("imagem do sync, com modelos e painel", size)
