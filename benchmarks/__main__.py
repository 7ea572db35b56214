"""``make bench``: measure, print, and write docs/desempenho.md with its pictures.

``make bench ARGS="latency memory"`` measures only these.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.bulk import slow, throughput
from benchmarks.days import parts, second_day
from benchmarks.limits import limits
from benchmarks.report import Chart, Figure, Section, write
from benchmarks.tap import latency, memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEASURES: dict[str, tuple[Callable[[], Iterator[Figure | Chart]], str]] = {
    "limits60": (partial(limits, 60), "60 requisições sob os limites da API"),
    "limits400": (partial(limits, 400), "400 requisições sob os limites da API"),
    "limits2000": (partial(limits, 2000), "2.000 requisições sob os limites da API"),
    "bulk100k": (partial(throughput, 100_000), "BULK: 100.000 registros de 25 colunas"),
    "bulk1m": (partial(throughput, 1_000_000), "BULK: 1.000.000 de registros de 25 colunas"),
    "slow": (slow, "BULK: uma resposta que vem em dez minutos"),
    "second_day": (second_day, "O segundo dia"),
    "latency": (latency, "O tap sozinho: latência"),
    "memory": (memory, "O tap sozinho: memória"),
    "parts": (parts, "O resto"),
}


def main() -> int:
    """Measure what is asked for, or all; 1 if a goal was missed."""
    sections: list[Section] = []
    for name in sys.argv[1:] or MEASURES:
        measure, title = MEASURES[name]
        section = Section(title, [])
        print(f"\n## {title}")
        for found in measure():
            section.found.append(found)
            if isinstance(found, Figure):
                print(found.line, flush=True)
        sections.append(section)
    write(sections)
    return int(any(not figure.kept for section in sections for figure in section.figures))


if __name__ == "__main__":
    sys.exit(main())
