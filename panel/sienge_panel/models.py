"""What came of the last build of the models, in dbt's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BAD = {"error", "fail", "runtime error"}


def failed(target: Path) -> list[str]:
    """Give the models, snapshots and tests that failed; ``target`` is dbt's folder of results.

    Without those that were skipped because of them. Source: run_results.json of dbt's artifacts.
    """
    try:
        found = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
        return [
            result["unique_id"].split(".")[2]
            for result in found["results"]
            if result["status"] in BAD
        ]
    except (OSError, ValueError, LookupError, TypeError):
        return []  # never built, or being written just now
