"""Runs of Meltano: started, watched and cancelled here; what is known of them is Meltano's."""

from __future__ import annotations

import fcntl
import re
import subprocess
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from sienge_panel.choice import ALWAYS, selecting, title
from sienge_panel.line import commands, forget_old_logs
from sienge_panel.noise import NOISE
from sienge_panel.settings import ProblemError
from sienge_panel.sienge import quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

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

COLOUR = re.compile(r"\x1b\[[\d;]*m")

PROGRESS = re.compile(
    r"\b(?P<table>[a-z]\w*): (?P<step>página|consulta) (?P<number>\d+) de (?P<of>\d+), "
    r"(?P<rows>\d+) linhas|Beginning sync of '(?P<begun>\w+)'|Running with dbt="
)
"""How the tap says how far it is, and dbt that it begins."""

MODELS = "Fazendo os modelos para o Power BI"


def progress(line: str) -> dict[str, Any] | None:
    """Give what a line tells of how far a run is, if it does; no table: the models are built."""
    if not (found := PROGRESS.search(line)):
        return None
    table = found["begun"] or found["table"] or ""
    if table in ALWAYS:
        return None
    return {
        "table": table,
        "title": title(table) if table else MODELS,
        "step": found["step"],
        **{name: found[name] and int(found[name]) for name in ("number", "of", "rows")},
    }


class Runs:
    """The runs of one project; at most one at a time."""

    def __init__(self, settings: Settings, on_end: Callable[[], None]) -> None:
        """Start with nothing running; ``on_end`` is called after each run that was started here."""
        self._settings, self._on_end = settings, on_end
        self._lock = Lock()
        self._process: subprocess.Popen[bytes]
        self._left: list[list[str]] = []
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
            | {"log": self.log(run["id"]).exists(), "cancelled": self._mark(run["id"]).exists()}
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
            lock = self._settings.lock.open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                raise ProblemError(RUNNING) from None
            forget_old_logs(self._settings.logs)
            self._id = self._own = str(uuid4())
            self._left = commands(self._settings.project, env, self._id)
            self._start_next(env, lock)
            Thread(target=self._go_on, args=[env, lock], daemon=True).start()
            return self._id

    def _start_next(self, env: Mapping[str, str], lock: IO[str]) -> None:
        """Start a command of Meltano, in which the lock lives on should the panel be killed."""
        with self.log(self._id).open("ab") as output:
            self._process = subprocess.Popen(
                [*self._settings.meltano, *self._left.pop(0)],
                cwd=self._settings.project,
                env=quiet(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.fileno()],
            )

    def _go_on(self, env: Mapping[str, str], lock: IO[str]) -> None:
        """Start the next command when one ends, however it ended."""
        with lock:
            while self._own:
                self._process.wait()
                with self._lock:
                    if self._left:
                        self._start_next(env, lock)
                    else:
                        self._own = ""
        self._on_end()

    def cancel(self) -> None:
        """End the run under way; what it has loaded stays.

        The scheduler, which writes its log here too, watches for the mark itself.

        Raises:
            ProblemError: There is none, or none that listens.
        """
        with self._lock:
            if not (run := self.running()):
                raise ProblemError("Não há sincronização em andamento.")
            if not self.log(run).exists():
                raise ProblemError(
                    "Esta sincronização foi iniciada por outro programa: só nele se cancela."
                )
            self._mark(run).touch()
            if run == self._own:
                self._end()

    def stop(self) -> None:
        """End with the panel."""
        with self._lock:
            if self._own:
                self._end()
                self._process.wait(60)

    def _end(self) -> None:
        self._left = []
        self._process.terminate()

    def log(self, run: str) -> Path:
        """Give the file of a run's log."""
        return self._settings.logs / f"{run}.log"

    def _mark(self, run: str) -> Path:
        """Give the file that tells that somebody wanted a run to end."""
        return self._settings.logs / f"{run}.cancelada"

    def live(self, run: str) -> bool:
        """Whether a run goes on."""
        return run == (self._own if run == self._id else self.running())

    def lines(self, run: str, offset: int = 0) -> Iterator[tuple[int, str]]:
        """Give the whole lines of a log from a place on, each with the place after it."""
        with self.log(run).open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n") and self.live(run):
                    return
                offset += len(line)
                text = COLOUR.sub("", line.decode(errors="replace")).rstrip()
                if text and not NOISE.search(text):
                    yield offset, text
