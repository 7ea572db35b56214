"""What came of the last build of the models, in dbt's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BAD = {"error", "fail", "runtime error"}


DOUBTS = ("accepted_values_", "codigos_conhecidos", "objetos_refeitos")


def failed(target: Path) -> list[str]:
    """Give the models, snapshots and tests that failed; ``target`` is dbt's folder of results.

    Without those that were skipped because of them.
    """
    return [name for name, status in _results(target) if status in BAD]


def doubtful(target: Path) -> list[str]:
    """Give the tests that met unknown codes, or things people built that no longer fit."""
    return [n for n, status in _results(target) if status == "warn" and n.startswith(DOUBTS)]


def _results(target: Path) -> list[tuple[str, str]]:
    """Read run_results.json of dbt's artifacts: names, and what came of them."""
    try:
        found = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
        return [(r["unique_id"].split(".")[2], r["status"]) for r in found["results"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []  # never built, or being written just now
