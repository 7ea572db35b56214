"""The pipeline: the commands of a run, for the panel and for the scheduler."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sienge_panel.changed import Changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KEPT = 90 * 86400
"""Seconds after which a run's log is deleted."""

ROUND_ONLY = "TAP_SIENGE_ROUND"
"""The tap's setting by which it asks only for what changed."""

OBJECTS, CHANGED = "TAP_SIENGE_ONLY", "TAP_SIENGE_ONLY_SINCE"
"""The tap's settings by which it reads given records: the ids of each table, as JSON, and the day
before which none of them changed."""

BUILT = Path(".meltano", "run", "dbt-target")
"""Where dbt leaves what came of a build, in the project."""

PARSED = "partial_parse.msgpack"
"""What dbt read of the models, for the next time; made again where they or the settings changed."""


def commands(project: Path, env: Mapping[str, str], run_id: str) -> Iterator[list[str]]:
    """Give Meltano's commands: Sienge into PostgreSQL, then the models, also if a table failed.

    With ``--force``, as Meltano refuses to run for some minutes after a kill or a power cut. That
    nobody else reads the same streams is assured by the lock and by the tap's own claim on them.
    An orchestrator may ask for one of both, by SYNC_ONLY. After a round only the models are made
    that depend on what it changed, known only when it is their turn, and the tests that ask of no
    other; after given records, those that depend on their tables.
    """
    only = env.get("SYNC_ONLY")
    models = only != "carga" and (project / "transform" / "dbt_project.yml").exists()
    built = Path(env.get("DBT_TARGET_PATH") or project / BUILT)
    content = in_rounds(built) / "conteudo.json"
    changed = Changed(env, content) if models and is_round(env) else None
    if only != "modelos":
        extractor = "-".join(filter(None, ["tap-sienge", env.get("SYNC_PRESET")]))
        yield ["run", "--force", f"--run-id={run_id}", extractor, "target-postgres"]
    if changed:
        if tables := changed.tables():
            yield ["invoke", "dbt:build", *_depending(tables, built)]
        changed.settle()
    elif models and (given := json.loads(env.get(OBJECTS) or "{}")):
        yield ["invoke", "dbt:build", *_depending(given, built)]
    elif models:
        yield ["run", "--force", "dbt:build", "dbt:docs"]


def _depending(tables: Iterable[str], built: Path) -> list[str]:
    """Give dbt's options for what depends on tables, without its seconds of reading all models."""
    target = in_rounds(built)
    with suppress(OSError):
        if not (target / PARSED).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(built / PARSED, target)
    selected = [f"source:sienge.{table}+" for table in tables]
    return [f"--target-path={target}", "--indirect-selection=buildable", "--select", *selected]


def is_round(env: Mapping[str, str]) -> bool:
    """Whether a run asks only for what changed."""
    return env.get(ROUND_ONLY, "").lower() in {"true", "1"}


def in_rounds(target: Path) -> Path:
    """Give dbt's folder of a round: in the other stays what came of the last whole build."""
    return target.with_name("dbt-rodadas")


def forget_old_logs(folder: Path) -> None:
    """Delete what was left by runs of long ago."""
    for file in folder.iterdir():
        left = file.suffix in {".log", ".jsonl", ".json", ".cancelada"}
        if left and file.stat().st_mtime < time.time() - KEPT:
            file.unlink(missing_ok=True)
