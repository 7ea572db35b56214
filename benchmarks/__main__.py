"""``make bench``: measure, print, and write docs/desempenho.md with its pictures.

``make bench ARGS="latency limits"`` measures only these.
"""

from __future__ import annotations

import sys

from benchmarks.bulk import throughput
from benchmarks.days import parts, second_day
from benchmarks.limits import limits
from benchmarks.report import Figure, Section, write
from benchmarks.tap import latency, memory

MEASURES = {
    "limits": (limits, "Uma sincronização sob os limites da API"),
    "throughput": (throughput, "Onde a API não é o limite: BULK"),
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
