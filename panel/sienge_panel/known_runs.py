"""What is known of the runs: Meltano's table, the runner's notes, the tap's ``sync_log``."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import islice
from time import sleep
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from sienge_panel import causes
from sienge_panel.choice import TABLES
from sienge_panel.run_answers import Begun
from sienge_panel.run_log import RunLog, within
from sienge_panel.runner import HOOK, LOAD, ROUND, WHOLE
from sienge_panel.share import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sienge_panel.runner import Runner
    from sienge_panel.settings import Settings

RUNS = """
select run_id::text as id, started_at at time zone 'UTC' as started,
    ended_at at time zone 'UTC' as ended, trigger, payload::jsonb ->> 'error' as error,
    coalesce(ended_at, last_heartbeat_at) at time zone 'UTC' as heard,
    case when state <> 'RUNNING' then lower(state)
        when last_heartbeat_at > now() at time zone 'UTC' - interval '5 minutes' then 'running'
        else 'lost' end as state
from meltano.runs where job_name like '%%tap-sienge%%'
    and (%(run)s::text is null or run_id::text = %(run)s)
    and (%(since)s::timestamptz is null or started_at >= %(since)s at time zone 'UTC')
    and (%(run)s::text is not null or (trigger is not distinct from 'hook') = %(hooks)s)
    and (%(partial)s::boolean is null or (coalesce(trigger, '') = any(%(parts)s)) = %(partial)s)
order by started_at desc limit %(limit)s
"""
"""Meltano writes a heartbeat every second and itself takes a run for dead after five minutes."""

STARTERS = {it: it for it in ("panel", WHOLE, ROUND, HOOK)} | {"cli": "command", None: "command"}

SETTLING = timedelta(hours=1)
"""How long after its end something may still be said of a run."""

NOTED = 50
"""The latest runs of which Meltano may know nothing."""

REMEMBERED = timedelta(days=32)

TAIL = 2_000
"""Lines at the end of a log in which the reason of a failure is looked for."""

KNOWN = "select run_id::text as id from meltano.runs where run_id::text = any(%s)"


def _noted(run: str, note: Mapping[str, Any]) -> dict[str, Any]:
    """Give a run in Meltano's words of which only the runner told."""
    begun, ended = (datetime.fromisoformat(note[name]) for name in ("begun", "ended"))
    known = {"id": run, "state": "fail", "error": None, "trigger": note.get("trigger")}
    return known | {"started": begun, "ended": ended, "heard": ended}


def _key(run: Mapping[str, Any]) -> tuple[object, ...]:
    return run["id"], run["state"], run["ended"]


class KnownRuns:
    """The runs of one project, whoever started them."""

    def __init__(self, settings: Settings, runner: Runner, own: Callable[[], str]) -> None:
        """Read what ``runner`` notes; ``own`` gives the run that goes on here, if there is one."""
        self._settings, self._runner, self._own = settings, runner, own
        self.log = RunLog(settings)
        self._settled: dict[tuple[object, ...], dict[str, Any]] = {}
        """What is known of runs of which no more will be."""

    def latest(
        self,
        limit: int = 100,
        run: str | None = None,
        since: datetime | None = None,
        *,
        partial: bool | None = None,
        hooks: bool = False,
    ) -> list[dict[str, Any]]:
        """Give the latest runs, or a certain one, the last first; with why they failed.

        Only those that do not read everything, as rounds, or only the others, if that is asked.
        Those for events are given only if asked for: they are many, and read little.
        """
        runs = self._runs(limit, run, since, partial=partial, hooks=hooks)
        known = dict(self._settled)
        new = [found for found in runs if _key(found) not in known]
        summed = self.log.since(new[-1]["started"]) if new else []
        for found in new:
            known[_key(found)] = self._detail(
                found, within(summed, found["started"], found["heard"])
            )
        latest = [known[_key(found)] for found in runs]
        now = datetime.now(timezone.utc)
        self._settled = {
            key: found
            for key, found in known.items()
            if found["ended"] and SETTLING < now - found["ended"] < REMEMBERED
        }
        return latest

    def rounds(self, limit: int = 1) -> list[dict[str, Any]]:
        """Give the latest rounds that ended, the last first."""
        found = self.latest(NOTED, partial=True)
        ended = [run for run in found if run["started_by"] == ROUND and run["state"] != "running"]
        return ended[:limit]

    def _runs(
        self,
        limit: int,
        run: str | None = None,
        since: datetime | None = None,
        *,
        partial: bool | None = None,
        hooks: bool = False,
    ) -> list[dict[str, Any]]:
        """Give the runs that Meltano or the runner knows of, the last first."""
        failed = self._failed(run, hooks=hooks)
        with psycopg.connect(self._settings.database, row_factory=dict_row) as connection:
            found = connection.execute("select to_regclass('meltano.runs') as it").fetchone()
            if found is None or found["it"] is None:  # Meltano never got so far
                runs, known = [], set()
            else:
                asked: dict[str, Any] = {"limit": limit, "run": run, "since": since}
                asked |= {"partial": partial, "parts": PARTIAL, "hooks": hooks}
                runs = connection.execute(RUNS, asked).fetchall()
                ids = connection.execute(KNOWN, [[*failed]]).fetchall()
                known = {row["id"] for row in ids}
        unread = [_noted(id_, note) for id_, note in failed.items() if id_ not in known]
        unknown = [
            one
            for one in unread
            if (since is None or one["started"] >= since)
            and (partial is None or (one["trigger"] in PARTIAL) == partial)
        ]
        return sorted([*runs, *unknown], key=lambda found: found["started"], reverse=True)[:limit]

    def _failed(self, run: str | None, *, hooks: bool) -> dict[str, dict[str, Any]]:
        """Give what the runner kept of runs that failed.

        Of one that failed before it read, as by a refused setting, Meltano knows nothing.
        """
        noted = {run: self._runner.noted(run)} if run else self._runner.latest(NOTED)
        return {
            id_: note
            for id_, note in noted.items()
            if note.get("steps", {}).get(LOAD) and (run or (note.get("trigger") == HOOK) == hooks)
        }

    def _detail(self, run: dict[str, Any], read: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the runner noted, what the tap's run came to, and why it failed."""
        noted = self._runner.noted(run["id"])
        known = run | {
            "log": self.logged(run["id"]),
            "cancelled": self._runner.cancelled(run["id"]),
            "started_by": STARTERS.get(run["trigger"], "other"),
            "steps": noted.get("steps", {}),
            "read": read and read["run_id"],
            "tables": read["tables"] if read else noted.get("tables"),
            "answered": read and read["answered"],
            "rows": read and read["rows"],
            "requests": read and read["requests"],
        }
        if run["id"] == self._own():
            known["state"] = "running"  # its models, too
        elif "ended" in noted:
            known["ended"] = datetime.fromisoformat(noted["ended"])
        bad = read["bad"] if read else []
        ended = self._runner.ended(run["id"])
        cause = causes.of_run(known, bad, ended, self._last_lines(run["id"]))
        if known["started_by"] == ROUND and cause:
            cause = causes.of_round(cause, run["started"])
            if cause is None and known["state"] == "fail":
                known["state"] = "idle"  # another run brings the same
        elif cause and cause.code == "permission":  # it ended before it could write sync_log
            cause = cause.model_copy(update={"tables": self._asked_for(run["id"])})
        known["cause"] = cause
        return known

    def _asked_for(self, run: str) -> list[str]:
        """Give the tables that a run began to read, as the tap told."""
        events = self._runner.follow(run).events()
        begun = (event.get("stream") for event in events if event["event"] == "begin")
        return list(dict.fromkeys(name for name in begun if name in TABLES))

    def _last_lines(self, run: str) -> Iterator[str]:
        """Give the end of a log, read only by who needs it."""
        lines = self._runner.follow(run).lines()
        yield from islice(lines, max(len(lines) - TAIL, 0), None)

    def begun(self, run: str) -> Begun | None:
        """Give when a run began, of how many tables, and how long it may take."""
        noted = self._runner.noted(run)
        for _ in range(20):  # a run that was only just started
            if noted:
                break
            sleep(0.05)
            noted = self._runner.noted(run)
        if not noted:
            return None
        tables = noted["tables"]
        return Begun(at=noted["begun"], tables=tables, expected=self._expected(tables))

    def _expected(self, tables: int) -> float | None:
        """Give how many seconds the last good run of as many tables took."""
        for run in self.latest(10):  # rounds, too: they are told from others by their tables
            if run["state"] == "success" and run["tables"] == tables and run["ended"]:
                seconds: float = (run["ended"] - run["started"]).total_seconds()
                return seconds
        return None

    def running(self) -> str:
        """Give the run under way, whoever started it; empty if there is none."""
        return self._own() or next(
            (run["id"] for run in self._runs(10) if run["state"] == "running"), ""
        )

    def logged(self, run: str) -> bool:
        """Whether there is a log of a run here."""
        return self._runner.log(run).exists()
