"""What a run consists of, for the panel and for the scheduler."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEPT = 90 * 86400
"""Seconds after which a run's log is deleted."""


def commands(project: Path, env: Mapping[str, str], run_id: str) -> list[list[str]]:
    """Give Meltano's commands: Sienge into PostgreSQL, then the models, also if a table failed.

    With ``--force``, as Meltano refuses to run for some minutes after a kill or a power cut. That
    nobody else reads the same streams is assured by the lock and by the tap's own claim on them.
    """
    extractor = "-".join(filter(None, ["tap-sienge", env.get("SYNC_PRESET")]))
    found = [["run", "--force", f"--run-id={run_id}", extractor, "target-postgres"]]
    if (project / "transform" / "dbt_project.yml").exists():
        found.append(["run", "--force", "dbt:build", "dbt:docs"])
    return found


def forget_old_logs(folder: Path) -> None:
    """Delete what was left by runs of long ago."""
    for file in folder.iterdir():
        left = file.suffix in {".log", ".jsonl", ".cancelada"}
        if left and file.stat().st_mtime < time.time() - KEPT:
            file.unlink(missing_ok=True)
