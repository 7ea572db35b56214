"""The nights on which Sienge is in maintenance and answers nothing but 503."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import psycopg

from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRIES = 9
"""How often a scheduled run looks again: with half an hour between, from two to half past six."""

REFUSED = """
select bool_or(error like '%%resposta 503%%')
    and not bool_or(status in ('ok', 'incomplete') and requests > 0)
from sienge.sync_log where run_id = (
    select run_id from sienge.sync_log where started_at >= %s order by started_at desc limit 1
)
"""

QUESTION = {
    "TAP_SIENGE__SELECT": '["companies.*"]',
    "TAP_SIENGE_MAX_CONNECTIONS": "1",
    "TAP_SIENGE_MAX_RETRIES": "1",
}
"""One record is asked for: a whole run of refusals would cost much of the day's quota."""


def pause(env: Mapping[str, str]) -> timedelta:
    """Give the time until the next look."""
    return timedelta(minutes=float(env.get("SYNC_RETRY_MINUTES") or 30))


def refused(database: str, since: datetime) -> bool:
    """Whether all that the last run since then was answered is 503."""
    with psycopg.connect(database, connect_timeout=10) as connection:
        exists = connection.execute("select to_regclass('sienge.sync_log')").fetchone()
        if exists == (None,):
            return False
        began = since.astimezone(SAO_PAULO).replace(tzinfo=None)
        found = connection.execute(REFUSED, [began]).fetchone()
    return bool(found and found[0])


def over(project: Path, env: Mapping[str, str]) -> bool:
    """Ask Sienge whether it answers again."""
    asked = ["meltano", "config", "test", "tap-sienge"]
    done = subprocess.run(
        asked, cwd=project, env={**env, **QUESTION}, capture_output=True, check=False
    )
    return done.returncode == 0
