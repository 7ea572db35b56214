"""Seconds of each part of the last build: ``python -m transform.times``, after ``make build``.

With the results of an earlier build, ``python -m transform.times EARLIER/run_results.json``, as
ratios: what both builds did, and what only the later one does.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / ".meltano" / "run" / "dbt-target" / "run_results.json"
SLOWEST = 10


def read(results: Path) -> dict[str, float]:
    """Give the seconds of each node; models and tests run beside each other, so a sum is more."""
    found = json.loads(results.read_text("utf-8"))["results"]
    return {result["unique_id"]: result["execution_time"] for result in found}


def kind(node: str) -> str:
    """Give what a node is, such as ``model`` or ``test``."""
    return node.split(".", 1)[0]


def table(later: dict[str, float], earlier: dict[str, float]) -> str:
    """Compare two builds by kind, then list the slowest models of the later one."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0])
    for node, seconds in later.items():
        row = sums[kind(node)]
        row[0] += 1
        row[1] += seconds
        row[2 if node in earlier else 3] += seconds
    lines = ["kind       nodes  seconds  in both  earlier  ratio"]
    for name, (nodes, seconds, both, _) in sums.items():
        before = sum(s for n, s in earlier.items() if kind(n) == name and n in later)
        ratio = f"{both / before:.2f}" if before else "—"
        lines.append(f"{name:9} {nodes:6} {seconds:8.1f} {both:8.1f} {before:8.1f}  {ratio:>5}")
    models = sorted((s, n) for n, s in later.items() if kind(n) == "model")[::-1][:SLOWEST]
    lines += ["", *(f"{seconds:6.2f}  {node.split('.')[-1]}" for seconds, node in models)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(read(RESULTS), read(Path(sys.argv[1])) if sys.argv[1:] else {}))
