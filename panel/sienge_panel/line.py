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
    An orchestrator may ask for one of both, by SYNC_ONLY.
    """
    extractor = "-".join(filter(None, ["tap-sienge", env.get("SYNC_PRESET")]))
    load = ["run", "--force", f"--run-id={run_id}", extractor, "target-postgres"]
    models = ["run", "--force", "dbt:build", "dbt:docs"]
    steps = {"carga": load, "modelos": models}
    if not (project / "transform" / "dbt_project.yml").exists():
        del steps["modelos"]
    only = env.get("SYNC_ONLY")
    return [command for step, command in steps.items() if not only or step == only]


def forget_old_logs(folder: Path) -> None:
    """Delete what was left by runs of long ago."""
    for file in folder.iterdir():
        left = file.suffix in {".log", ".jsonl", ".json", ".cancelada"}
        if left and file.stat().st_mtime < time.time() - KEPT:
            file.unlink(missing_ok=True)
