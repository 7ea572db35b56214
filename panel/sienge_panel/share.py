"""What rounds and events leave of the day's quota: as much as a run of everything last cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from sienge_panel.credentials import name_of
from sienge_panel.quota import SIENGE, limits, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.settings import Settings

PARTIAL = ["hook", "round"]
"""Triggers (`runner.TRIGGER`) of runs that do not read everything."""

LOG = """
select run_id, min(started_at) as started, count(*) as tables,
    coalesce(sum(requests) filter (where stream not like 'bulk\\_%%'), 0)::int as rest,
    coalesce(sum(requests) filter (where stream like 'bulk\\_%%'), 0)::int as bulk,
    bool_or(status = 'postponed') as cut
from {log} where started_at >= now() - interval '30 days' group by run_id
"""

PART = """
exists (
    select from meltano.runs where trigger = any(%(partial)s)
        and run.started at time zone 'America/Sao_Paulo'
        between (started_at at time zone 'UTC') - interval '2 seconds'
        and (coalesce(ended_at, last_heartbeat_at) at time zone 'UTC')
)
"""
"""Whether a run of the tap, which has an id of its own, began while such a run lasted."""

WHOLE = """
with run as ({runs}), whole as (select * from run where not {part})
select rest, bulk from whole where 2 * tables >= (select max(tables) from whole)
order by cut, started desc limit 1
"""
"""The last run of many tables, as one of a few was started by hand; if there is one, a run that the
quota did not cut off, for that one would have cost more."""


def night_share(settings: Settings) -> dict[str, int]:
    """Give the requests of each of the two APIs that the last run of everything cost."""
    log = Identifier(settings.default_schema, "sync_log")
    with psycopg.connect(settings.database, row_factory=dict_row, connect_timeout=10) as connection:
        there = "select to_regclass(%s) is not null as log, to_regclass(%s) is not null as runs"
        known = connection.execute(there, [log.as_string(connection), "meltano.runs"]).fetchone()
        if not known or not known["log"]:
            return {"rest": 0, "bulk": 0}
        query = SQL(WHOLE).format(
            runs=SQL(LOG).format(log=log), part=SQL(PART if known["runs"] else "false")
        )
        found = connection.execute(query, {"partial": PARTIAL}).fetchone()
    return found or {"rest": 0, "bulk": 0}


def for_the_day(
    env: Mapping[str, str], settings: Settings, spent: Mapping[str, int] | None = None
) -> dict[str, str]:
    """Give a child's environment in which the day's limits are lower by that much.

    Less what a run of everything has ``spent`` of it already, where it was the day's last.

    Where no plan and no setting limits the day, nothing is to be shared. A limit never falls so low
    that the tap would refuse it.
    """
    share, lowered = night_share(settings), dict(env)
    for kind, left in limits(env).items():
        if left is None:
            continue
        rule = SIENGE["per_day"][kind]
        reserve = (number(env, rule["reserve"], 0) or 0) if rule["reserve"] else 0
        least = reserve + (kind == "rest")
        kept = max(share[kind] - (spent or {}).get(kind, 0), 0)
        lowered[name_of(rule["limit"])] = str(max(left + reserve - kept, least))
    return lowered
