"""The runs that the panel starts, watches and cancels; what is known of them is Meltano's."""

from __future__ import annotations

import re
from collections import deque
from datetime import datetime, timedelta, timezone
from itertools import islice
from threading import Lock, Thread
from time import sleep
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from sienge_panel import causes
from sienge_panel.answers import Step
from sienge_panel.choice import TABLES, selecting, title
from sienge_panel.run_answers import Begun
from sienge_panel.run_log import RunLog, within
from sienge_panel.runner import HOOK, LOAD, MODELS, ROUND, TRIGGER, WHOLE, BusyError, Runner
from sienge_panel.settings import ProblemError
from sienge_panel.share import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sienge_panel.settings import Settings

TABLE = re.compile(r"[a-z][a-z0-9_]*")

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

OBJECTS = 100
"""Runs for events whose logs are kept: there may be thousands a day."""

REMEMBERED = timedelta(days=32)

TAIL = 2_000
"""Lines at the end of a log in which the reason of a failure is looked for."""

KNOWN = "select run_id::text as id from meltano.runs where run_id::text = any(%s)"

RUNNING = "Já há uma sincronização em andamento: espere que termine."

UNITS = {"page": "página", "context": "consulta"}
"""What the tap counts, in the page's words."""


def progress(event: Mapping[str, Any]) -> Step:
    """Say for the page what was told of how far a run is; no table: the models are built."""
    table = event.get("stream", "")
    return Step(
        table=table,
        title="Fazendo os modelos para o Power BI" if event == MODELS else title(table),
        step=UNITS.get(event.get("unit", "")),
        **{name: event.get(name) for name in ("number", "of", "rows")},
    )


def _noted(run: str, note: Mapping[str, Any]) -> dict[str, Any]:
    """Give a run in Meltano's words of which only the runner told."""
    begun, ended = (datetime.fromisoformat(note[name]) for name in ("begun", "ended"))
    told = {"id": run, "state": "fail", "error": None, "trigger": note.get("trigger")}
    return told | {"started": begun, "ended": ended, "heard": ended}


def _key(run: Mapping[str, Any]) -> tuple[object, ...]:
    return run["id"], run["state"], run["ended"]


class Runs:
    """The runs of one project; at most one at a time."""

    def __init__(self, settings: Settings, on_end: Callable[[], None]) -> None:
        """Start with nothing running; ``on_end`` is called after each run that was started here."""
        self._settings, self._on_end = settings, on_end
        self.runner = Runner(settings.project, settings.logs, settings.lock, settings.meltano)
        self.log = RunLog(settings)
        self._settled: dict[tuple[object, ...], dict[str, Any]] = {}
        """What is known of runs of which no more will be."""
        self._lock = Lock()
        self._thread = Thread()
        self._id = self._own = ""
        self._objects: deque[str] = deque(maxlen=OBJECTS)
        settings.logs.mkdir(parents=True, exist_ok=True)

    def history(
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
            known[_key(found)] = self._told(found, within(summed, found["started"], found["heard"]))
        told = [known[_key(found)] for found in runs]
        now = datetime.now(timezone.utc)
        self._settled = {
            key: found
            for key, found in known.items()
            if found["ended"] and SETTLING < now - found["ended"] < REMEMBERED
        }
        return told

    def rounds(self, limit: int = 1) -> list[dict[str, Any]]:
        """Give the latest rounds that ended, the last first."""
        found = self.history(NOTED, partial=True)
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
        told = [_noted(id_, note) for id_, note in failed.items() if id_ not in known]
        unknown = [
            one
            for one in told
            if (since is None or one["started"] >= since)
            and (partial is None or (one["trigger"] in PARTIAL) == partial)
        ]
        return sorted([*runs, *unknown], key=lambda found: found["started"], reverse=True)[:limit]

    def _failed(self, run: str | None, *, hooks: bool) -> dict[str, dict[str, Any]]:
        """Give what the runner kept of runs that failed.

        Of one that failed before it read, as by a refused setting, Meltano knows nothing.
        """
        noted = {run: self.runner.noted(run)} if run else self.runner.latest(NOTED)
        return {
            id_: note
            for id_, note in noted.items()
            if note.get("steps", {}).get(LOAD) and (run or (note.get("trigger") == HOOK) == hooks)
        }

    def _told(self, run: dict[str, Any], read: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the runner noted, what the tap's run came to, and why it failed."""
        noted = self.runner.noted(run["id"])
        known = run | {
            "log": self.logged(run["id"]),
            "cancelled": self.runner.cancelled(run["id"]),
            "started_by": STARTERS.get(run["trigger"], "other"),
            "steps": noted.get("steps", {}),
            "read": read and read["run_id"],
            "tables": read["tables"] if read else noted.get("tables"),
            "answered": read and read["answered"],
            "rows": read and read["rows"],
            "requests": read and read["requests"],
        }
        if run["id"] == self._own:
            known["state"] = "running"  # its models, too
        elif "ended" in noted:
            known["ended"] = datetime.fromisoformat(noted["ended"])
        bad = read["bad"] if read else []
        cause = causes.of_run(known, bad, self._last_lines(run["id"]))
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
        events = self.runner.follow(run).events()
        told = (event.get("stream") for event in events if event["event"] == "begin")
        return list(dict.fromkeys(name for name in told if name in TABLES))

    def _last_lines(self, run: str) -> Iterator[str]:
        """Give the end of a log, read only by who needs it."""
        lines = self.runner.follow(run).lines()
        yield from islice(lines, max(len(lines) - TAIL, 0), None)

    def begun(self, run: str) -> Begun | None:
        """Give when a run began, of how many tables, and how long it may take."""
        noted = self.runner.noted(run)
        for _ in range(20):  # a run that was only just started
            if noted:
                break
            sleep(0.05)
            noted = self.runner.noted(run)
        if not noted:
            return None
        tables = noted["tables"]
        return Begun(at=noted["begun"], tables=tables, expected=self._expected(tables))

    def _expected(self, tables: int) -> float | None:
        """Give how many seconds the last good run of as many tables took."""
        for run in self.history(10):  # rounds, too: they are told from others by their tables
            if run["state"] == "success" and run["tables"] == tables and run["ended"]:
                seconds: float = (run["ended"] - run["started"]).total_seconds()
                return seconds
        return None

    def running(self) -> str:
        """Give the run under way, whoever started it; empty if there is none."""
        return self._own or next(
            (run["id"] for run in self._runs(10) if run["state"] == "running"), ""
        )

    def start(self, env: Mapping[str, str], tables: Sequence[str] = ()) -> str:
        """Start a run of everything, or of some tables; give its id.

        Raises:
            ProblemError: One is under way.
        """
        env = {**env, TRIGGER: "panel", **(selecting(tables) if tables else {})}
        with self._lock:
            if self.running():
                raise ProblemError(RUNNING)
            try:
                lock = self.runner.claim()
            except BusyError:
                raise ProblemError(RUNNING) from None
            self._id = self._own = str(uuid4())
            self.runner.prepare(self._id)
            self._thread = Thread(target=self._run, args=[env, lock], daemon=True)
            self._thread.start()
            return self._id

    def _run(self, env: Mapping[str, str], lock: IO[str]) -> None:
        try:
            with lock:
                self.runner.run(self._id, env, lock.fileno())
        finally:
            self._own = ""
        self._on_end()

    def read_objects(self, env: Mapping[str, str]) -> str:
        """Read given records, for events, and wait until it ends; give the run's id.

        Raises:
            BusyError: Another run is under way.
        """
        with self.runner.claim(for_events=True) as lock:
            run = str(uuid4())
            if len(self._objects) == self._objects.maxlen:
                self.runner.forget(self._objects.popleft())
            self._objects.append(run)
            self.runner.prepare(run)
            steps = "" if self._settings.hooks_models else LOAD
            self.runner.run(run, {**env, TRIGGER: HOOK, "SYNC_ONLY": steps}, lock.fileno())
        return run

    def cancel(self) -> None:
        """End the run under way.

        Raises:
            ProblemError: There is none, or none that listens.
        """
        if not (run := self.running()):
            raise ProblemError("Não há sincronização em andamento.")
        if not self.logged(run):
            raise ProblemError(
                "Esta sincronização foi iniciada por outro programa: só nele se cancela."
            )
        self.runner.cancel(run)

    def stop(self) -> None:
        """End with the panel."""
        self.runner.end()
        if self._thread.is_alive():
            self._thread.join(60)

    def logged(self, run: str) -> bool:
        """Whether there is a log of a run here."""
        return self.runner.log(run).exists()

    def live(self, run: str) -> bool:
        """Whether a run goes on."""
        return run == (self._own if run == self._id else self.running())
