"""The plan's requests a day, and those that the tap counted for all processes of this machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from platformdirs import user_state_path

if TYPE_CHECKING:
    from collections.abc import Mapping

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

PLANS: dict[str, tuple[int, int]] = {
    "free": (100, 10),
    "start": (1_000, 20),
    "special": (2_500, 50),
    "essencial": (5_000, 100),
    "enterprise": (10_000, 200),
    "business": (30_000, 600),
    "ultimate": (75_000, 28_800),
    "infinity": (200_000, 30_000),
}
"""Requests a day of each plan, REST and BULK; a test compares them with the tap's."""

API_URL = "https://api.sienge.com.br/{subdomain}/public/api"


def limits(env: Mapping[str, str]) -> dict[str, int | None]:
    """Give the requests that a day may have; None where nothing says."""
    rest, bulk = PLANS.get(env.get("TAP_SIENGE_PLAN", ""), (None, None))
    return {
        "rest": _number(env, "TAP_SIENGE_DAILY_REQUEST_LIMIT", rest),
        "bulk": _number(env, "TAP_SIENGE_DAILY_BULK_LIMIT", bulk),
    }


def counted(env: Mapping[str, str]) -> dict[str, int]:
    """Give the requests of this day in São Paulo, of runs, tests and estimates, ended or not.

    The tap keeps them in a file, so that none is forgotten; nothing is known where it is not here.
    """
    path = Path(env.get("TAP_SIENGE_QUOTA_DB") or user_state_path("tap-sienge") / "quota.db")
    tenant = (env.get("TAP_SIENGE_API_URL") or API_URL).replace(
        "{subdomain}", env.get("TAP_SIENGE_SUBDOMAIN", "")
    )
    day = datetime.now(SAO_PAULO).date().isoformat()
    try:
        address = f"{path.expanduser().absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as ledger:
            found = ledger.execute(
                "select kind, requests from quota where (tenant, day) = (?, ?)",
                (tenant.rstrip("/"), day),
            ).fetchall()
    except sqlite3.Error:
        found = []
    return {"rest": 0, "bulk": 0} | dict(found)


def _number(env: Mapping[str, str], name: str, default: int | None) -> int | None:
    given = env.get(name, "")
    return int(given) if given.isdigit() else default
