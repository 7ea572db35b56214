"""The plan's requests a day, and those that the tap counted for all processes of this machine."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from platformdirs import user_state_path

from sienge_panel.credentials import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

SIENGE: dict[str, Any] = json.loads(Path(__file__).with_name("plans.json").read_text("utf-8"))
"""The API's address and what it allows, in the tap's own words; `make docs` copies the file."""


def limits(env: Mapping[str, str]) -> dict[str, int | None]:
    """Give the requests that a day may have; None where nothing says."""
    plan = SIENGE["plans"].get(env.get("TAP_SIENGE_PLAN"), {})

    def left(kind: str, limit: str, reserve: str | None) -> int | None:
        allowed = number(env, limit, plan.get(kind))
        kept = number(env, reserve, 0) if reserve else 0
        return None if allowed is None else max(allowed - (kept or 0), 0)

    return {kind: left(kind, **rule) for kind, rule in SIENGE["per_day"].items()}


def counted(env: Mapping[str, str]) -> dict[str, int]:
    """Give the requests of this day in São Paulo, of runs, tests and estimates, ended or not.

    The tap keeps them in a file, so that none is forgotten; nothing is known where it is not here.
    """
    path = Path(env.get("TAP_SIENGE_QUOTA_DB") or user_state_path("tap-sienge") / "quota.db")
    tenant = (env.get("TAP_SIENGE_API_URL") or SIENGE["api_url"]).replace(
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


def number(env: Mapping[str, str], setting: str, default: int | None) -> int | None:
    """Give a setting of the tap as a number; an empty one counts as not given."""
    given = env.get(name_of(setting), "").strip()
    return int(given) if given.isdigit() else default
