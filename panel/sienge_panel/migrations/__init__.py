"""The panel's tables, in the schema ``painel``: numbered files, each applied once and in order.

What changes is a new file; one that was published never changes. An older panel must still work
with what a newer one made, for a version may be taken back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

LOCK = 0x5349454E4745
"""The advisory lock of whoever applies them, so that several may start at once."""

VERSIONS = """
create table if not exists painel.versao (
    numero integer primary key, aplicada timestamptz not null default now()
)
"""


def files() -> dict[int, Path]:
    """Give the migrations by number."""
    found = sorted(Path(__file__).parent.glob("[0-9][0-9][0-9]_*.sql"))
    return {int(file.name[:3]): file for file in found}


def apply(connection: Connection[Any]) -> None:
    """Bring the tables up to date, all or nothing, in the transaction of the connection.

    The schema may already be there, made by the owner of the database.
    """
    connection.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    if connection.execute("select to_regnamespace('painel')").fetchone() == (None,):
        connection.execute("create schema painel")
    connection.execute(VERSIONS)
    applied = {number for (number,) in connection.execute("select numero from painel.versao")}
    for number, file in files().items():
        if number not in applied:
            connection.execute(file.read_bytes())
            connection.execute("insert into painel.versao (numero) values (%s)", [number])
