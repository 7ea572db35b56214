"""What can be trusted: read from ``sync_log``, which the tap writes, and from nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from sienge_panel import quota
from sienge_panel.choice import title
from sienge_panel.quota import SAO_PAULO
from sienge_panel.run_log import RunLog, local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import LiteralString

    from sienge_panel.settings import Settings

TABLES = """
select last.stream as table, coalesce(last.status, 'failed') as status, last.extent, last.rows,
    last.rejected, last.requests, last.warnings, last.error, last.finished_at as finished,
    extract(epoch from last.finished_at - last.started_at)::float as seconds,
    last.started_at as started, good.finished_at as good, good.brought,
    coalesce(good.partly >= %(yesterday)s, false) as live
from (
    select distinct on (stream) * from {0}
    order by stream, run_id = any(%(partial)s::text[]), started_at desc
) last
left join (
    select stream, max(finished_at) as finished_at,
        max(finished_at) filter (where run_id = any(%(partial)s::text[])) as partly,
        max(finished_at) filter (where run_id = any(%(partial)s::text[]) and rows > 0) as brought
    from {0} where status = 'ok' group by stream
) good using (stream)
order by 1
"""
"""What came of the last read, which that of a round or of an event is only where there is no other;
but how new the rows are, each of them tells."""

BY_EVENTS = """
select stream, max(read_at) as at from {1} where status = 'ok' and read_at >= %s group by stream
"""
"""When records that events told of were read, as the tap tells of each one."""

COUNTABLE = """
select table_name as table from information_schema.columns where table_schema = %s
    and column_name in ('_sdc_deleted_at', '_sdc_inserted_at') group by 1 having count(*) = 2
"""

COUNT = """
select count(*) filter (where _sdc_deleted_at is null) as total,
    count(*) filter (where _sdc_deleted_at >= %(begun)s at time zone 'America/Sao_Paulo')
        as deleted,
    count(*) filter (
        where _sdc_inserted_at at time zone 'UTC' >= %(begun)s at time zone 'America/Sao_Paulo'
    ) as new
from {}
"""

RECENT = """
select stream, json_agg(
    json_build_object('at', started_at, 'rows', rows, 'extent', extent) order by started_at
) as runs
from (
    select *, row_number() over (partition by stream order by started_at desc) as number
    from {0} where status = 'ok' and extent <> 'none' and not run_id = any(%(partial)s::text[])
) latest where number <= 12 group by stream
"""

USED = """
select coalesce(sum(requests) filter (where stream not like 'bulk\\_%%'), 0)::int as rest,
    coalesce(sum(requests) filter (where stream like 'bulk\\_%%'), 0)::int as bulk
from {0} where started_at >= %s
"""

COSTS = """
select stream, ceil(avg(requests))::int as cost, max(days) = 1 as first from (
    select stream, sum(requests) as requests, count(*) over (partition by stream) as days,
        row_number() over (partition by stream order by started_at::date) as day
    from {0} where started_at >= now() - interval '30 days'
    group by stream, started_at::date
) per_day where day > 1 or days = 1 group by stream
"""
"""Without the first day, on which everything is read, unless there is no other."""


class Read(NamedTuple):
    """A table, and when the read of it began and ended."""

    table: str
    begun: datetime
    ended: datetime | None


LATELY = timedelta(days=8)
"""How far back a run is known not to have read everything; a whole one comes at least weekly."""

SETTLING = timedelta(minutes=1)
"""How much later than the word of a read its last rows may land."""

PATIENCE = 50
"""How many times as long as a count took it is kept, while more rows may land."""


class Status:
    """What the last runs say of each table."""

    def __init__(self, settings: Settings) -> None:
        """Take the place of ``sync_log``."""
        self._url, self._schema = settings.database, settings.default_schema
        self._log = RunLog(settings)
        self._counts: dict[Read, tuple[float, dict[str, int]]] = {}
        """What was counted of a read, each with when to count it again."""

    def tables(self) -> list[dict[str, Any]]:
        """Give the last outcome of each table; times are São Paulo's."""
        yesterday = local(datetime.now(SAO_PAULO) - timedelta(1))
        rows = self._query(TABLES, {"partial": self._partial(), "yesterday": yesterday})
        newer = {row["stream"]: row["at"] for row in self._query(BY_EVENTS, [yesterday])}
        for row in rows:
            if (at := newer.get(row["table"])) and (row["good"] is None or at > row["good"]):
                row |= {"good": at, "live": True}
        reads = [_read(row) for row in rows]
        counts = self._count({*reads})
        return [_table(row, counts.get(read, {})) for row, read in zip(rows, reads, strict=True)]

    def _partial(self) -> list[str]:
        return self._log.partial(datetime.now(SAO_PAULO) - LATELY)

    def _count(self, reads: set[Read]) -> dict[Read, dict[str, int]]:
        """Count a table's rows, and those that came and went with a read, once: it may be large."""
        now = monotonic()
        kept = {it: c for it, c in self._counts.items() if it in reads and now < c[0]}
        if fresh := reads - kept.keys():
            settled = datetime.now(SAO_PAULO).replace(tzinfo=None) - SETTLING
            with psycopg.connect(self._url, row_factory=dict_row) as connection:
                found = connection.execute(COUNTABLE, [self._schema]).fetchall()
                countable = {row["table"] for row in found}
                for read in (one for one in fresh if one.table in countable):
                    query = SQL(COUNT).format(Identifier(self._schema, read.table))
                    begun = monotonic()
                    counted = connection.execute(query, {"begun": read.begun}).fetchone() or {}
                    is_settled = read.ended and read.ended < settled
                    pause = inf if is_settled else PATIENCE * (monotonic() - begun)
                    kept[read] = now + pause, counted
        self._counts = kept
        return {read: counts for read, (_, counts) in kept.items()}

    def recent(self) -> dict[str, list[dict[str, Any]]]:
        """Give the rows of the last reads of each table."""
        found = self._query(RECENT, {"partial": self._partial()})
        return {row["stream"]: row["runs"] for row in found}

    def used(self, env: Mapping[str, str]) -> dict[str, int]:
        """Give the requests of this day, which begins and ends in São Paulo.

        Those that this machine counted, or those of the runs, if another machine made more.
        """
        today = datetime.now(SAO_PAULO).replace(hour=0, minute=0, second=0, microsecond=0)
        found = self._query(USED, [today.replace(tzinfo=None)])
        logged = found[0] if found else {}
        return {kind: max(n, logged.get(kind, 0)) for kind, n in quota.counted(env).items()}

    def costs(self) -> dict[str, dict[str, Any]]:
        """Give the requests that each table cost on a day of late; ``first``: on its only one."""
        return {row["stream"]: row for row in self._query(COSTS)}

    def _query(
        self, query: LiteralString, values: list[Any] | dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        logs = [Identifier(self._schema, name) for name in ("sync_log", "record_log")]
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            try:
                return connection.execute(SQL(query).format(*logs), values or []).fetchall()
            except psycopg.errors.UndefinedTable:  # nothing was read yet
                return []


def _read(row: dict[str, Any]) -> Read:
    """Give the last read of a table, which lasts as long as rounds bring it rows."""
    times = filter(None, (row["finished"], row.pop("brought")))
    return Read(row["table"], row.pop("started"), max(times, default=None))


def _table(row: dict[str, Any], counted: Mapping[str, int]) -> dict[str, Any]:
    """Add the title and what the table tells; what was deleted only a read of everything knows."""
    read = row["good"] or row["rows"] or counted.get("total")  # else unread, which is no zero
    known = row["extent"] == "none" or (row["status"], row["extent"]) == ("ok", "full")
    return {
        **row,
        **{name: _moment(row[name]) for name in ("finished", "good")},
        "title": title(row["table"]),
        "total": counted.get("total") if read else None,
        "new": counted.get("new") if read else None,
        "rows": row["rows"] if read else None,
        "deleted": counted.get("deleted") if known and read else None,
    }


def _moment(found: datetime | None) -> datetime | None:
    return found and found.replace(tzinfo=SAO_PAULO)
