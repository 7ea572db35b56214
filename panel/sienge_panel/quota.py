"""The plan's requests a day, and those that the tap counted for all processes of this machine."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from platformdirs import user_state_path

from sienge_panel.credentials import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

SIENGE: dict[str, Any] = json.loads(Path(__file__).with_name("plans.json").read_text("utf-8"))
"""The API's address and what it allows, in the tap's own words; `make docs` copies the file."""

RUNNING = "select count(*) from request where (tenant, kind) = (?, ?) and free_at > ?"


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
    try:
        with _ledger(env, "ro") as ledger:
            found = ledger.execute(
                "select kind, requests from quota where (tenant, day) = (?, ?)",
                (api_url(env), _today()),
            ).fetchall()
    except sqlite3.Error:
        found = []
    return {"rest": 0, "bulk": 0} | dict(found)


def count(env: Mapping[str, str], seconds: float) -> bool:
    """Count a REST request of the panel's own, before it is sent, where the tap counts its.

    It may be answered after as many seconds, and counts for a minute from then at the latest.
    It is not worth refusing where the tap has counted nothing yet, as there is no file then.

    Returns:
        Whether it is counted, or there is no file; else it is not to be sent, as the minute has
        no room for it or another process does not let go of the file.
    """
    whose, now = (api_url(env), "rest"), time()
    most = number(env, "requests_per_minute", SIENGE["per_minute"]["rest"])
    try:
        with _ledger(env, "rw") as ledger, ledger:
            ledger.execute("begin immediate")
            (running,) = ledger.execute(RUNNING, (*whose, now)).fetchone()
            if most is not None and running >= most:
                return False
            ledger.execute(
                "insert into quota values (?, ?, ?, 1)"
                " on conflict (tenant, kind, day) do update set requests = requests + 1",
                (*whose, _today()),
            )
            ledger.execute(
                "insert into request (tenant, kind, free_at) values (?, ?, ?)",
                (*whose, now + seconds + 60),
            )
    except sqlite3.Error:
        return not _path(env).exists()
    return True


def api_url(env: Mapping[str, str]) -> str:
    """Give the API's address for a company, by which its requests are counted."""
    return (
        (env.get("TAP_SIENGE_API_URL") or SIENGE["api_url"])
        .replace("{subdomain}", env.get("TAP_SIENGE_SUBDOMAIN", ""))
        .rstrip("/")
    )


def _ledger(env: Mapping[str, str], mode: str) -> closing[sqlite3.Connection]:
    address = f"{_path(env).absolute().as_uri()}?mode={mode}"
    return closing(sqlite3.connect(address, uri=True, timeout=5))


def _path(env: Mapping[str, str]) -> Path:
    given = env.get("TAP_SIENGE_QUOTA_DB") or user_state_path("tap-sienge") / "quota.db"
    return Path(given).expanduser()


def _today() -> str:
    return datetime.now(SAO_PAULO).date().isoformat()


def number(env: Mapping[str, str], setting: str, default: int | None) -> int | None:
    """Give a setting of the tap as a number; an empty one counts as not given."""
    given = env.get(name_of(setting), "").strip()
    return int(given) if given.isdigit() else default
