"""Whether there is room for a run: on the database's disk, where it can be asked, and on its own.

A full disk would stop PostgreSQL in the middle of a run.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psycopg

if TYPE_CHECKING:
    from pathlib import Path

ENOUGH = 1_000_000_000
"""Bytes to be free; of a disk that is smaller than ten times this, a tenth."""


class Disk(NamedTuple):
    """The size of a disk and what is free of it, in bytes."""

    total: int
    free: int

    @property
    def needed(self) -> int:
        """How much of it must be free."""
        return min(ENOUGH, self.total // 10)


def of_database(database: str) -> Disk | None:
    """Ask the database, whose function exists where docker/db/papeis.sql was run by a superuser."""
    with suppress(psycopg.Error), psycopg.connect(database, connect_timeout=10) as connection:
        found = connection.execute("select total, livre from meltano.disco()").fetchone()
        return Disk(*found) if found else None
    return None


def lacking(database: str, folder: Path) -> str:
    """Say which disk has too little room for a run, if one does."""
    usage = shutil.disk_usage(folder)
    disks = {"do banco": of_database(database), f"de {folder}": Disk(usage.total, usage.free)}
    for which, disk in disks.items():
        if disk and disk.free < disk.needed:
            return (
                f"Disco {which} quase cheio: restam {disk.free / 1e6:.0f} MB, e é preciso ter "
                f"{disk.needed / 1e6:.0f} MB. Libere espaço (docs/operacao.md) e sincronize de "
                "novo."
            )
    return ""
