"""The runs that the panel starts, watches and cancels; what is known of them is Meltano's."""

from __future__ import annotations

import re
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from sienge_panel.answers import Step
from sienge_panel.choice import selecting, title
from sienge_panel.runner import MODELS, BusyError, Runner
from sienge_panel.settings import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sienge_panel.settings import Settings

TABLE = re.compile(r"[a-z][a-z0-9_]*")

RUNS = """
select run_id::text as id, started_at at time zone 'UTC' as started,
    ended_at at time zone 'UTC' as ended, trigger,
    case when state <> 'RUNNING' then lower(state)
        when last_heartbeat_at > now() at time zone 'UTC' - interval '5 minutes' then 'running'
        else 'lost' end as state
from meltano.runs where job_name like '%%tap-sienge%%'
order by started_at desc limit %s
"""
"""Meltano writes a heartbeat every second and itself takes a run for dead after five minutes."""

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


class Runs:
    """The runs of one project; at most one at a time."""

    def __init__(self, settings: Settings, on_end: Callable[[], None]) -> None:
        """Start with nothing running; ``on_end`` is called after each run that was started here."""
        self._settings, self._on_end = settings, on_end
        self.runner = Runner(settings.project, settings.logs, settings.lock, settings.meltano)
        self._lock = Lock()
        self._thread = Thread()
        self._id = self._own = ""
        settings.logs.mkdir(parents=True, exist_ok=True)

    def history(self, limit: int = 100) -> list[dict[str, Any]]:
        """Give the latest runs, the last first."""
        with psycopg.connect(self._settings.database, row_factory=dict_row) as connection:
            found = connection.execute("select to_regclass('meltano.runs') as it").fetchone()
            if found is None or found["it"] is None:
                return []
            runs = connection.execute(RUNS, [limit]).fetchall()
        return [
            run
            | {"log": self.logged(run["id"]), "cancelled": self.runner.cancelled(run["id"])}
            | ({"state": "running"} if run["id"] == self._own else {})  # its models, too
            for run in runs
        ]

    def running(self) -> str:
        """Give the run under way, whoever started it; empty if there is none."""
        return self._own or next(
            (run["id"] for run in self.history(10) if run["state"] == "running"), ""
        )

    def start(self, env: Mapping[str, str], tables: Sequence[str] = ()) -> str:
        """Start a run of everything, or of some tables; give its id.

        Raises:
            ProblemError: One is under way.
        """
        if tables:
            env = {**env, **selecting(tables)}
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
