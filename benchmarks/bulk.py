"""Throughput where the API is not the limit: records from HTTP to committed rows."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.api import COLUMNS
from benchmarks.contenders import NAMES, contenders
from benchmarks.report import Chart, Figure, spread
from conftest import running_simulator
from tests.line import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.measure import Cost

SIZES = {10_000: 1, 100_000: 3, 1_000_000: 1}
"""Records, and how often they are loaded."""

FLAT = 10_000
"""Records with which only the memory is compared."""

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
def served(file: Path, rows: int) -> Iterator[str]:
    """Serve as many records."""
    command = [sys.executable, "-m", "benchmarks.api", str(file), str(rows)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.kill()


def load(rows: int, who: str, times: int = 2) -> list[Cost]:
    """Load as many records into an empty database, and again."""
    with contenders() as found, served(sample(found.folder / "sample.json"), rows) as url:
        costs = [found.run(who, "bulk", url) for _ in range(times)]
        landed = found.rows(who, "bulk")
        assert landed == rows, f"{who}: {landed} de {rows} linhas"
    return costs


def throughput() -> Iterator[Figure | Chart]:
    """100,000 and 1,000,000 records, ours against dlt and against COPY alone; memory."""
    ours: dict[int, list[Cost]] = {}
    for rows, times in SIZES.items():
        took: dict[str, list[Cost]] = {who: [] for who in NAMES}
        again: dict[str, list[Cost]] = {who: [] for who in NAMES}
        for who in [*NAMES] * times if rows > FLAT else ["ours"]:
            first, *second = load(rows, who, 1 if who == "script" else 2)
            took[who].append(first)
            again[who] += second
        ours[rows] = took["ours"] + again["ours"]
        if rows == FLAT:
            continue
        size = f"{rows:,}".replace(",", ".")
        middle = {who: median(cost.seconds for cost in costs) for who, costs in took.items()}
        for who, costs in took.items():
            loads = {"primeira carga": costs, "de novo, as mesmas chaves": again[who]}
            for which, runs in loads.items():
                if runs:
                    yield Figure(
                        f"{size} registros, {which}: {NAMES[who]}",
                        f"{spread([cost.seconds for cost in runs])} s"
                        f" ({median(cost.processor for cost in runs):.0f} s de processador,"
                        f" {max(cost.megabytes for cost in runs):.0f} MB)",
                    )
        faster, slower = middle["dlt"] / middle["ours"], middle["ours"] / middle["script"]
        yield Figure(f"{size}: dlt ÷ nosso", f"{faster:.2f}", "1,30 ou mais", faster >= BETTER)
        yield Figure(f"{size}: nosso ÷ COPY", f"{slower:.2f}", "até 4", slower <= NEAR)
        bars = {NAMES[who]: seconds for who, seconds in middle.items()}
        yield Chart(f"{size} registros de 25 colunas, da API ao banco", "s", bars)
    peaks = {rows: max(cost.megabytes for cost in costs) for rows, costs in ours.items()}
    ratio = peaks[max(peaks)] / peaks[FLAT]
    most = max(peaks.values())
    yield Figure("memória de tap e loader", f"{most:.0f} MB", "até 500 MB", most <= MEGABYTES)
    yield Figure("memória: 1.000.000 ÷ 10.000", f"{ratio:.2f}", "até 1,20", ratio <= EVEN)
