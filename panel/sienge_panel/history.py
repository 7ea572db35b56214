"""What the last thirty days did to a table: the reads of ``sync_log``, and rows that came and went.

The rows that came and went are counted in the background, once after each read: counting looks at
the whole table, and no answer waits for it.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from sienge_panel.catalog import reading
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from typing_extensions import LiteralString

    from sienge_panel.settings import Settings

logger = logging.getLogger("uvicorn.error")

DAYS, PATIENCE, REJECTED = 30, 30, 20
"""Days that are told, seconds that counting may take, rejected records shown."""

READS = """
select started_at at time zone 'America/Sao_Paulo' as at, coalesce(status, 'failed') as status,
    extent, rows, rejected, requests, warnings, error,
    extract(epoch from finished_at - started_at)::float as seconds
from {} where stream = %s and started_at >= %s order by started_at
"""

FULL = """
select stream, max(requests) as requests from {}
where status = 'ok' and extent = 'full' and started_at >= %s and (%s::text is null or stream = %s)
group by stream
"""

LONG = timedelta(days=90)
"""How far back a whole read may be whose requests tell those of the next."""

REJECTS = """
select rejected_at at time zone 'America/Sao_Paulo' as at, reason, left(record::text, 300) as record
from {} where stream = %s order by rejected_at desc limit %s
"""

CAME_AND_WENT = """
select day, sum(new)::bigint as new, sum(gone)::bigint as deleted from (
    select (_sdc_inserted_at at time zone 'UTC' at time zone 'America/Sao_Paulo')::date as day,
        count(*) as new, 0 as gone
    from {0}
    where _sdc_inserted_at >= %(since)s at time zone 'America/Sao_Paulo' at time zone 'UTC'
    group by 1
    union all
    select _sdc_deleted_at::date, 0, count(*) from {0} where _sdc_deleted_at >= %(since)s group by 1
) as both_ways group by day order by day
"""


def since() -> datetime:
    """Give the beginning of the first day that is told, in São Paulo."""
    today = datetime.now(SAO_PAULO).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return today - timedelta(days=DAYS - 1)


def reads(settings: Settings, table: str) -> dict[str, Any]:
    """Give the reads of a table, what a whole read of it costs, and what could not be a row."""
    return {
        "reads": _found(settings, "sync_log", READS, table, since()),
        "full_cost": full_costs(settings, table).get(table),
        "rejected": _found(settings, "rejected_rows", REJECTS, table, REJECTED),
    }


def full_costs(settings: Settings, table: str | None = None) -> dict[str, int]:
    """Give the requests of the whole reads of late, of one table or of all."""
    rows = _found(settings, "sync_log", FULL, since() - LONG, table, table)
    return {row["stream"]: row["requests"] for row in rows if row["requests"] is not None}


def _found(
    settings: Settings, name: str, query: LiteralString, *values: object
) -> list[dict[str, Any]]:
    """Give what a query of one of the tap's own tables finds; nothing if it is not there yet."""
    place = Identifier(settings.default_schema, name)
    with (
        reading(settings, 5) as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        there = cursor.execute("select to_regclass(%s) as it", [place.as_string(connection)])
        if not (there.fetchone() or {})["it"]:
            return []
        return cursor.execute(SQL(query).format(place), values).fetchall()


class Changes:
    """The rows that came and went, by day; each table is counted once after each of its reads."""

    def __init__(self, settings: Settings) -> None:
        """Start with nothing counted."""
        self._settings = settings
        self._worker = ThreadPoolExecutor(1, "contagem")
        self._counted: dict[str, tuple[object, Future[list[dict[str, Any]]]]] = {}

    def of(self, table: str, read: object) -> list[dict[str, Any]] | None:
        """Give them, or None while they are counted; ``read`` tells the table's last read."""
        key = (read, date.today())
        known = self._counted.get(table)
        if known is None or known[0] != key:
            known = (key, self._worker.submit(self._count, table))
            self._counted[table] = known
        return known[1].result() if known[1].done() else None

    def _count(self, table: str) -> list[dict[str, Any]]:
        place = Identifier(self._settings.default_schema, table)
        try:
            with (
                reading(self._settings, PATIENCE) as connection,
                connection.cursor(row_factory=dict_row) as cursor,
            ):
                query = SQL(CAME_AND_WENT).format(place)
                return cursor.execute(query, {"since": since()}).fetchall()
        except Exception:  # a table that cannot be counted has no chart
            logger.exception("Não consegui contar as mudanças de %s.", table)
            return []
