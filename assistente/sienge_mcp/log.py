"""The log of calls: who asked what, with which SQL, and how much was given."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST = 20_000_000
"""Bytes, beyond which the file is put aside in place of the one before."""


def write(path: Path, **told: Any) -> None:  # noqa: ANN401
    """Add a line of JSON; the rows themselves are never in it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MOST:
        path.replace(path.with_name(f"{path.name}.1"))
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    line = json.dumps({"quando": now} | told, ensure_ascii=False, default=str) + "\n"
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
