"""Which tables a round changed: those to which it brought other rows than the last one did.

A round asks again for the changes of some days, so that most of the rows that come are known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier

from sienge_panel.variables import database

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from typing_extensions import LiteralString

LATEST = "select max(_sdc_sync_started_at) from {log}"
"""When the loader began last, which is in all rows that it landed then."""

CAME = """
select stream from {log}
where _sdc_sync_started_at = %(load)s and (rows > 0 or extent = 'full') order by 1
"""

CONTENT = """
select count(*) || ' ' || coalesce(sum(hashtextextended(content::text, 0)), 0) from (
    select to_jsonb(it) - %(own)s::text[] as content
    from {table} as it where _sdc_sync_started_at = %(load)s
) as came
"""
"""The landed rows in whatever order, as one text."""

OWN = [
    f"_sdc_{name}"
    for name in (
        *("extracted_at", "received_at", "batched_at"),
        *("sequence", "table_version", "sync_started_at"),
    )
]
"""What the loader says of a row, and what is new whenever the row comes."""


class Changed:
    """What one round changes, known after its load."""

    def __init__(self, env: Mapping[str, str], known: Path) -> None:
        """Look before the load; ``known`` is where the content of the last rounds is kept."""
        self._url = database(env)
        self._schema = env.get("TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA") or "sienge"
        self._file = known
        self._found: dict[str, str | None] = {}
        self._before = self._value(LATEST)

    def tables(self) -> list[str]:
        """Give them, after the load."""
        load = self._value(LATEST)
        if load is None or load == self._before:
            return []
        known, values = self._known(), {"load": load, "own": OWN}
        for (table,) in self._rows(CAME, **values):
            self._found[table] = self._value(CONTENT, table, **values)
        return [t for t, content in self._found.items() if not content or content != known.get(t)]

    def settle(self) -> None:
        """Keep what came, once the models are made of it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._known() | self._found), encoding="utf-8")

    def _known(self) -> dict[str, str | None]:
        try:
            found: dict[str, str | None] = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def _value(self, query: LiteralString, table: str = "", **values: object) -> Any:  # noqa: ANN401
        return next(iter(self._rows(query, table, **values)), (None,))[0]

    def _rows(
        self, query: LiteralString, table: str = "", **values: object
    ) -> list[tuple[Any, ...]]:
        """Ask; nothing where a table, or what the loader can be told not to write, is missing."""
        places = {
            name: Identifier(self._schema, place)
            for name, place in (("log", "sync_log"), ("table", table or "sync_log"))
        }
        try:
            with psycopg.connect(self._url, connect_timeout=10) as connection:
                return connection.execute(SQL(query).format(**places), values or None).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            return []
