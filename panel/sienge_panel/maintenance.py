"""The nights on which Sienge is in maintenance and answers nothing but 503."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psycopg

from sienge_panel.quota import SAO_PAULO
from sienge_panel.sienge import MAINTENANCE, ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRIES = 9
"""How often a scheduled run looks again: with half an hour between, from two to half past six."""

NOTHING = """
select bool_or(status = 'failed') and not bool_or(status in ('ok', 'incomplete') and requests > 0)
from sienge.sync_log where run_id = (
    select run_id from sienge.sync_log where started_at >= %s order by started_at desc limit 1
)
"""

ONCE = {"TAP_SIENGE_MAX_CONNECTIONS": "1", "TAP_SIENGE_MAX_RETRIES": "1"}
"""One record is asked for: a whole run of refusals would cost much of the day's quota."""


def pause(env: Mapping[str, str]) -> timedelta:
    """Give the time until the next look."""
    return timedelta(minutes=float(env.get("SYNC_RETRY_MINUTES") or 30))


def nothing_read(database: str, since: datetime) -> bool:
    """Whether the last run since then could read nothing."""
    with psycopg.connect(database, connect_timeout=10) as connection:
        exists = connection.execute("select to_regclass('sienge.sync_log')").fetchone()
        if exists == (None,):
            return False
        began = since.astimezone(SAO_PAULO).replace(tzinfo=None)
        found = connection.execute(NOTHING, [began]).fetchone()
    return bool(found and found[0])


def lasts(project: Path, env: Mapping[str, str], *, waited: bool) -> bool:
    """Ask Sienge whether it is in maintenance; after that began, no answer at all is part of it."""
    code = ask(project, {**env, **ONCE}, "--test", "--only=companies")["code"]
    return code == MAINTENANCE or (waited and code == "down")
