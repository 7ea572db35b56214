"""Throughput where the API is not the limit: records from HTTP to committed rows."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.api import COLUMNS
from benchmarks.contenders import NAMES, contenders
from benchmarks.report import Chart, Figure, spread
from benchmarks.windows import FIRST, LAST
from testing.pipeline import ROOT
from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.measure import Cost

TIMES = {100_000: 3, 1_000_000: 1}
"""How often so many records are loaded."""

LOADS = ("primeira carga", "as mesmas chaves de novo")
AGAIN = 500_000
"""Records up to which they are loaded twice: into an empty table, and over the same rows."""

FEW, MANY = 10_000, 1_000_000
"""Records whose memory is compared."""

SLOW = {13_000: 60, 130_000: 600}
"""Records of one answer, and the seconds in which it comes."""

YEAR = 365
"""Days of a period for which the tap asks at once."""

BETTER, NEAR, MEGABYTES, EVEN = 1.3, 4, 500, 1.2
SAMPLE = 1000


def sample(file: Path) -> Path:
    """Write records of the simulator to a file."""
    with running_simulator("--no-quirks") as simulator:
        records = simulator.json(
            "/bulk-data/v1/income", startDate="2022-01-01", endDate="2022-12-31", selectionType="D"
        )["data"]
    file.write_text(
        json.dumps([{name: row.get(name) for name in COLUMNS} for row in records[:SAMPLE]])
    )
    return file


@contextmanager
def served(file: Path, rows: int, seconds: float = 0) -> Iterator[str]:
    """Serve as many records, all of them in so many seconds."""
    command = [sys.executable, "-m", "benchmarks.api", str(file), str(rows), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.kill()


def load(rows: int, who: str) -> list[Cost]:
    """Load as many records into an empty table, and perhaps again."""
    again = rows <= AGAIN and who != "script"
    with contenders() as found, served(sample(found.folder / "sample.json"), rows) as url:
        costs = [found.run(who, "bulk", url) for _ in range(1 + again)]
        landed = found.rows(who, "bulk")
        assert landed == rows, f"{who}: {landed} de {rows} linhas"
    return costs


def throughput(rows: int) -> Iterator[Figure | Chart]:
    """Load records in all ways; ours against dlt, and against COPY alone."""
    took: dict[str, list[list[Cost]]] = {who: [] for who in NAMES}
    for who in [*NAMES] * TIMES[rows]:
        took[who].append(load(rows, who))
    for who, runs in took.items():
        loads = dict(zip(LOADS, zip(*runs, strict=True), strict=False))
        for which, costs in loads.items():
            yield Figure(
                f"{which}: {NAMES[who]}",
                f"{spread([cost.seconds for cost in costs])} s"
                f" ({median(cost.processor for cost in costs):.0f} s de processador,"
                f" {max(cost.megabytes for cost in costs):.0f} MB)",
            )
    middle = {who: median(first.seconds for first, *_ in runs) for who, runs in took.items()}
    faster, slower = middle["dlt"] / middle["ours"], middle["ours"] / middle["script"]
    yield Figure("dlt ÷ nosso", f"{faster:.2f}", "1,30 ou mais", faster >= BETTER)
    yield Figure("nosso ÷ COPY", f"{slower:.2f}", "até 4", slower <= NEAR)
    if rows == MANY:
        most = max(cost.megabytes for costs in took["ours"] for cost in costs)
        ratio = most / max(cost.megabytes for cost in load(FEW, "ours"))
        yield Figure("memória de tap e loader", f"{most:.0f} MB", "até 500 MB", most <= MEGABYTES)
        yield Figure("memória: 1.000.000 ÷ 10.000", f"{ratio:.2f}", "até 1,20", ratio <= EVEN)
    bars = {NAMES[who]: seconds for who, seconds in middle.items()}
    yield Chart(f"{rows} registros de 25 colunas, da API ao banco", "s", bars)


def slow() -> Iterator[Figure]:
    """Load a year's answer that comes for minutes, with the settings that are the default."""
    peaks, requests = [], set()
    days = (LAST - FIRST).days + 1
    for rows, seconds in SLOW.items():
        total, start = rows * days // YEAR, date(LAST.year, 1, 1)
        with (
            contenders() as found,
            served(sample(found.folder / "sample.json"), total, seconds * days / YEAR) as url,
        ):
            cost = found.run("ours", "bulk", url, TAP_SIENGE_START_DATE=start.isoformat())
            landed = found.rows("ours", "bulk")
            ((asked,),) = found.query(
                "select requests from sienge.sync_log where stream = 'bulk_income'"
            )
        requests.add(asked)
        peaks.append(cost.megabytes)
        yield Figure(
            f"{landed} registros numa resposta de {seconds} s",
            f"{cost.seconds:.0f} s, {cost.megabytes:.0f} MB, {asked} requisições",
        )
    yield Figure(
        "as mesmas requisições", "sim" if len(requests) == 1 else "não", "sim", len(requests) == 1
    )
    ratio = peaks[1] / peaks[0]
    yield Figure("memória: 130.000 ÷ 13.000", f"{ratio:.2f}", "até 1,20", ratio <= EVEN)
