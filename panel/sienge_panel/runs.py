"""The runs that the panel starts, watches and cancels; ``known`` tells of all."""

from __future__ import annotations

import re
from collections import deque
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from sienge_panel.answers import Step
from sienge_panel.choice import selecting, title
from sienge_panel.known_runs import KnownRuns
from sienge_panel.problem import ProblemError
from sienge_panel.runner import HOOK, LOAD, MODELS, TRIGGER, BusyError, Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sienge_panel.settings import Settings

TABLE = re.compile(r"[a-z][a-z0-9_]*")

OBJECTS = 100
"""Runs for events whose logs are kept: there may be thousands a day."""

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
        self.known = KnownRuns(settings, self.runner, lambda: self._own)
        self._lock = Lock()
        self._thread = Thread()
        self._id = self._own = ""
        self._objects: deque[str] = deque(maxlen=OBJECTS)
        settings.logs.mkdir(parents=True, exist_ok=True)

    def start(self, env: Mapping[str, str], tables: Sequence[str] = ()) -> str:
        """Start a run of everything, or of some tables; give its id.

        Raises:
            ProblemError: One is under way.
        """
        env = {**env, TRIGGER: "panel", **(selecting(tables) if tables else {})}
        with self._lock:
            if self.known.running():
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
        if not (run := self.known.running()):
            raise ProblemError("Não há sincronização em andamento.")
        if not self.known.logged(run):
            raise ProblemError(
                "Esta sincronização foi iniciada por outro programa: só nele se cancela."
            )
        self.runner.cancel(run)

    def stop(self) -> None:
        """End with the panel."""
        self.runner.end()
        if self._thread.is_alive():
            self._thread.join(60)

    def live(self, run: str) -> bool:
        """Whether a run goes on."""
        return run == (self._own if run == self._id else self.known.running())
