"""The scheduler's note of its last run: ``inicio``, ``fim`` and ``falha``; the panel tells it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def now() -> str:
    """Give the time for the note."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def write(file: Path, last: Mapping[str, str]) -> None:
    """Write the note, whole or not at all."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(last, ensure_ascii=False), encoding="utf-8")
    part.replace(file)


def read(file: Path) -> dict[str, str]:
    """Give the note; empty if there is none."""
    try:
        noted: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted
