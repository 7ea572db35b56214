"""What came of the last build of the models, in dbt's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sienge_panel.pipeline import in_rounds

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
    """Give names, and what came of them in the whole build, or in the last round after it."""
    whole, of_round = (folder / "run_results.json" for folder in (target, in_rounds(target)))
    found = _read(whole)
    try:
        newer = of_round.stat().st_mtime > whole.stat().st_mtime
    except OSError:
        newer = False
    return [*(found | (_read(of_round) if newer else {})).values()]


def _read(results: Path) -> dict[str, tuple[str, str]]:
    """Read dbt's artifact, by the ids of nodes."""
    try:
        found = json.loads(results.read_text(encoding="utf-8"))["results"]
        return {r["unique_id"]: (r["unique_id"].split(".")[2], r["status"]) for r in found}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # never built, or being written just now
