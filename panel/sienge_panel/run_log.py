"""What ``sync_log`` says of runs: the tap has ids of its own, so a run is found by its time."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from sienge_panel.choice import TABLES, title
from sienge_panel.quota import SAO_PAULO
from sienge_panel.share import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import LiteralString

    from sienge_panel.settings import Settings

SUMMED = """
select run_id, min(started_at) as started, count(*)::int as tables, sum(rows)::bigint as rows,
    sum(requests)::bigint as requests,
    count(*) filter (where status in ('ok', 'incomplete', 'skipped') and requests > 0) as answered,
    coalesce(json_agg(json_build_object(
        'stream', stream, 'status', coalesce(status, 'failed'), 'error', error
    ) order by stream) filter (where status is distinct from 'ok'), '[]') as bad
from {0} where started_at >= %s group by run_id order by 2
"""

OF_RUN = """
select stream as table, coalesce(status, 'failed') as status, rows, requests, error,
    extract(epoch from finished_at - started_at)::float as seconds
from {0} where run_id = %s order by started_at
"""

DAYS = """
select started_at::date as day,
    coalesce(sum(requests) filter (where stream not like 'bulk\\_%%'), 0)::int as rest,
    coalesce(sum(requests) filter (where stream like 'bulk\\_%%'), 0)::int as bulk
from {0} where started_at >= %s group by 1
"""

OF_DAY = """
select stream as table, sum(requests)::int as requests from {0}
where started_at >= %(day)s and started_at < %(day)s::date + 1
group by 1 having sum(requests) > 0 order by 2 desc, 1
"""

STARTED = "select run_id, min(started_at) as started from {0} where started_at >= %s group by 1"

PARTS = """
select started_at at time zone 'UTC' as started,
    coalesce(ended_at, last_heartbeat_at) at time zone 'UTC' as ended
from meltano.runs where trigger = any(%s) and started_at >= %s at time zone 'UTC' order by 1
"""

COSTS = """
select stream, ceil(avg(requests))::int as cost from (
    select stream, requests, count(*) over (partition by stream) as runs,
        row_number() over (partition by stream order by started_at) as number
    from {0} where started_at >= %(since)s and status in ('ok', 'skipped')
        and not run_id = any(%(partial)s::text[])
) per_run where number > 1 or runs = 1 group by stream
"""
"""Of a table's runs but the first, in which all is read, unless there is no other; of no rounds."""

OF_RUNS = """
select coalesce(sum(requests) filter (where stream not like 'bulk\\_%%'), 0)::int as rest,
    coalesce(sum(requests) filter (where stream like 'bulk\\_%%'), 0)::int as bulk
from {0} where run_id = any(%s) group by run_id
"""


def local(when: datetime) -> datetime:
    """Give a moment as ``sync_log`` has it: São Paulo's, without saying so."""
    return when.astimezone(SAO_PAULO).replace(tzinfo=None)


class RunLog:
    """``sync_log``, seen by runs and by days."""

    def __init__(self, settings: Settings) -> None:
        """Take its place."""
        self._url, self._schema = settings.database, settings.default_schema

    def since(self, when: datetime) -> list[dict[str, Any]]:
        """Give what the tap's runs since then came to."""
        return self._query(SUMMED, [local(when)])

    def tables(self, run_id: str) -> list[dict[str, Any]]:
        """Give what one of the tap's runs came to for each table, in the order of reading."""
        rows = self._query(OF_RUN, [run_id])
        return [row | {"title": title(row["table"])} for row in rows]

    def days(self, since: datetime) -> dict[Any, dict[str, int]]:
        """Give the requests of each day."""
        return {row["day"]: row for row in self._query(DAYS, [local(since)])}

    def day(self, day: object) -> list[dict[str, Any]]:
        """Give the requests of a day by table, the most first."""
        rows = self._query(OF_DAY, {"day": day})
        return [
            row | {"title": title(row["table"]), "kind": TABLES.get(row["table"], REST)["kind"]}
            for row in rows
        ]

    def costs(self) -> dict[str, int]:
        """Give the requests that each table costs in a run."""
        since = datetime.now(SAO_PAULO) - timedelta(30)
        asked = {"since": local(since), "partial": self.partial(since)}
        return {row["stream"]: row["cost"] for row in self._query(COSTS, asked)}

    def requests(self, ids: Sequence[str]) -> list[dict[str, int]]:
        """Give the requests of each of the tap's runs, of both kinds."""
        return self._query(OF_RUNS, [[*ids]])

    def spent_today(self) -> dict[str, int]:
        """Give the requests of today's runs, but for rounds and events."""
        midnight = datetime.now(SAO_PAULO).replace(hour=0, minute=0, second=0, microsecond=0)
        runs = {row["run_id"] for row in self._query(STARTED, [local(midnight)])}
        found = self.requests([*(runs - {*self.partial(midnight)})])
        return {kind: sum(run[kind] for run in found) for kind in ("rest", "bulk")}

    def partial(self, since: datetime) -> list[str]:
        """Give the ids of the tap's runs since then that did not read everything."""
        runs = self._query(STARTED, [local(since)])
        try:
            parts = [tuple(row.values()) for row in self._query(PARTS, [PARTIAL, since])]
        except psycopg.errors.UndefinedTable:  # Meltano never got so far, or keeps them elsewhere
            return []
        found = []
        for row in runs:
            began = row["started"].replace(tzinfo=SAO_PAULO)
            place = bisect_right(parts, began + SLACK, key=itemgetter(0))
            if place and (parts[place - 1][1] or began) >= began:
                found.append(row["run_id"])
        return found

    def _query(
        self, query: LiteralString, values: Sequence[object] | dict[str, object] = ()
    ) -> list[dict[str, Any]]:
        log = Identifier(self._schema, "sync_log")
        with psycopg.connect(self._url, row_factory=dict_row, connect_timeout=10) as connection:
            known = connection.execute(
                "select to_regclass(%s) as it", [log.as_string(connection)]
            ).fetchone()
            if known is None or known["it"] is None:
                return []
            return connection.execute(SQL(query).format(log), values or None).fetchall()


REST = {"kind": "rest"}

SLACK = timedelta(seconds=2)
"""How much the clocks of Meltano's run and of the tap within may differ."""


def within(
    summed: Sequence[dict[str, Any]], started: datetime, ended: datetime | None
) -> dict[str, Any] | None:
    """Give the tap's run that began while a run of Meltano's lasted."""
    first = local(started) - SLACK
    last = local(ended) if ended else datetime.max
    return next((row for row in summed if first <= row["started"] <= last), None)
