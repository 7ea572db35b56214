"""The figures as people read them: on the terminal, and in docs/desempenho.md."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import psutil

from testing.pipeline import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

BENCH = ROOT / ".bench" / "venv" / "bin" / "python"
DOCUMENT = ROOT / "docs" / "desempenho.md"
START, END = "<!-- make bench -->", "<!-- fim -->"


class Figure(NamedTuple):
    """One measured value."""

    what: str
    value: str
    goal: str = ""
    kept: bool = True

    @property
    def line(self) -> str:
        """The row of a table."""
        verdict = f"{self.goal}: {'sim' if self.kept else 'não'}" if self.goal else ""
        return f"| {self.what} | {self.value.replace('.', ',')} | {verdict} |"


class Chart(NamedTuple):
    """Values to compare by length."""

    title: str
    unit: str
    bars: dict[str, float]

    @property
    def file(self) -> str:
        """The name of the picture."""
        return f"desempenho-{re.sub('[^a-z0-9]+', '-', self.title.lower())}.svg"


def spread(values: Sequence[float]) -> str:
    """Say the median and, of several values, the least and the greatest."""
    middle = f"{median(values):.1f}"
    if len(values) > 1:
        middle += f" ({min(values):.1f}–{max(values):.1f})"
    return middle


def machine() -> str:
    """Describe where and with what the figures were measured."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = {line.split(":")[1].strip() for line in lines if line.startswith("model name")}
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{date.today():%d/%m/%Y}, {os.cpu_count()} processadores"
        f" ({', '.join(models) or platform.machine()}), {memory:.0f} GB de memória,"
        f" {platform.system()} {platform.release()}, Python {platform.python_version()},"
        f" Meltano {version('meltano')}"
    )


class Section(NamedTuple):
    """What belongs together."""

    title: str
    found: list[Figure | Chart]

    @property
    def figures(self) -> list[Figure]:
        """The values."""
        return [found for found in self.found if isinstance(found, Figure)]

    @property
    def text(self) -> str:
        """The section as Markdown."""
        charts = [
            f"![{found.title}](imagens/{found.file})"
            for found in self.found
            if isinstance(found, Chart)
        ]
        table = [
            "| Medida | Valor | Meta |",
            "| --- | --- | --- |",
            *(f.line for f in self.figures),
        ]
        return "\n\n".join([self.title, f"Medido em {machine()}.", "\n".join(table), *charts])


def write(sections: list[Section]) -> None:
    """Put what was measured into the document, in place of the sections of the same titles."""
    head, _, rest = DOCUMENT.read_text().partition(START)
    measured, _, foot = rest.partition(END)
    texts = {text.splitlines()[0]: text.strip() for text in measured.split("\n## ")[1:]}
    texts |= {section.title: section.text for section in sections}
    DOCUMENT.write_text("\n\n## ".join([head + START, *texts.values()]) + f"\n\n{END}{foot}")
    charts = [found for section in sections for found in section.found if isinstance(found, Chart)]
    pictures = {chart.file: [chart.title, chart.unit, chart.bars] for chart in charts}
    subprocess.run(
        [BENCH, "-m", "benchmarks.charts", DOCUMENT.parent / "imagens"],
        input=json.dumps(pictures),
        text=True,
        check=True,
        cwd=ROOT,
    )
