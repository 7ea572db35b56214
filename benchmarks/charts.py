"""Draws the pictures of docs/desempenho.md, in the environment of ``benchmarks/bench.txt``.

Run ``python -m benchmarks.charts FOLDER`` with ``{file: [title, unit, {name: value}]}`` on stdin.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

OURS, THEIRS = "#0b6e4f", "#9aa5a1"


def draw(file: Path, title: str, unit: str, values: dict[str, float]) -> None:
    """Draw horizontal bars, ours in another colour."""
    figure, axes = plt.subplots(figsize=(9, 0.6 + 0.45 * len(values)), layout="constrained")
    names = list(values)[::-1]
    bars = axes.barh(
        names,
        [values[name] for name in names],
        color=[OURS if name.startswith("meltano") else THEIRS for name in names],
    )
    axes.bar_label(
        bars, [f"{values[name]:.1f} {unit}".replace(".", ",") for name in names], padding=4
    )
    axes.set_title(title, loc="left")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.xaxis.set_visible(False)
    axes.margins(x=0.15)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    mpl.rcParams["svg.hashsalt"] = "desempenho"  # else each picture has other names inside
    for name, chart in json.load(sys.stdin).items():
        draw(Path(sys.argv[1], name), *chart)
