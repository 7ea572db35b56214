"""Runs of Meltano, the panel's and the scheduler's: their lock, commands, log and end."""

from __future__ import annotations

import fcntl
import json
import subprocess
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING, Any

from sienge_panel import choice
from sienge_panel.followed import Followed, tap_end
from sienge_panel.last import now
from sienge_panel.pipeline import commands, forget_old_logs, is_round

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sienge_panel.followed import Echo

LOOK = 0.3
"""Seconds between two looks whether a run was cancelled."""

PROGRESS_FILE = "TAP_SIENGE_PROGRESS_FILE"
"""The tap's setting for the file in which it tells how far it is, and how it ended."""

MODELS = {"event": "models"}
"""What the runner itself tells of how far a run is; the rest is the tap's."""

LOAD, BUILD = "carga", "modelos"
"""The steps of a run, by which their exit codes are noted."""

TRIGGER = "MELTANO_JOB_TRIGGER"
WHOLE, ROUND, HOOK = "schedule", "round", "hook"
"""Who starts a run, which Meltano keeps with it: ``panel``, the scheduler, which reads everything
or makes a round, what reads the objects of Sienge's events, or Meltano's own ``cli``."""

YIELD = 180
"""Seconds that any other run waits for one of events to end, which is short."""

LONGEST_HOOK = timedelta(minutes=30)
"""After which a run for events that did not note its end is taken for killed."""


class BusyError(Exception):
    """Another run is under way."""


class Runner:
    """What runs Meltano in one project; the folder of logs is all that its users share.

    There a run leaves its log and what the tap told of how far it was, and whoever wants it to end
    leaves a mark.
    """

    def __init__(
        self, project: Path, logs: Path, lock: Path, meltano: Sequence[str] = ("meltano",)
    ) -> None:
        """Take the places, and how Meltano is called."""
        self._project, self._logs, self._lock = project, logs.absolute(), lock
        self._meltano = meltano
        self._told_to_end = Event()

    def claim(self, patience: float = 0, *, for_events: bool = False) -> IO[str]:
        """Take the lock, which is free again when the file is closed.

        Runs for events are many and short: every other lets one end, and so is not held off.

        Raises:
            BusyError: Somebody has it, also after so many seconds.
        """
        lock, now = self._lock.open("w"), monotonic()
        until, yielding = now + patience, now + (0 if for_events else YIELD)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # noqa: PERF203
                now = monotonic()
                if now >= until and not (now < yielding and self._reads_events()):
                    lock.close()
                    raise BusyError from None
                sleep(LOOK)
            else:
                return lock

    def _reads_events(self) -> bool:
        """Whether a run for events is under way."""
        return any(
            note.get("trigger") == HOOK
            and "ended" not in note
            and datetime.now().astimezone() - datetime.fromisoformat(note["begun"]) < LONGEST_HOOK
            for note in self.latest(3).values()
        )

    def prepare(self, run: str) -> None:
        """Make the log of a run to come, and delete what was left by runs of long ago."""
        self._logs.mkdir(parents=True, exist_ok=True)
        forget_old_logs(self._logs)
        self.log(run).touch()

    def run(self, run: str, env: Mapping[str, str], lock: int, echo: Echo | None = None) -> int:
        """Run the commands, one after the other however each ends, unless the run is cancelled.

        The lock, given by its number, lives on in the child should this process be killed;
        ``echo`` is told the lines of the log.

        Returns:
            The first exit code that is not 0.
        """
        env = quiet({**env, PROGRESS_FILE: str(self._progress(run))})
        codes: dict[str, int] = {}
        log = self.follow(run)
        tables = choice.names(env)
        if is_round(env):
            tables = choice.in_rounds(tables)
        begun = {"begun": now(), "trigger": env.get(TRIGGER), "tables": len(tables)}
        self._note(run, **begun)
        for command in commands(self._project, env, run):
            if self._ends(run):
                break
            step = BUILD if "dbt:build" in command else LOAD
            if step == BUILD:
                self._note(run, models=now())
                with self._progress(run).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(MODELS) + "\n")
            try:
                with (
                    self.log(run).open("ab") as output,
                    subprocess.Popen(
                        [*self._meltano, *command],
                        cwd=self._project,
                        env=env,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        pass_fds=[lock],
                    ) as process,
                ):
                    self._watch(run, process, lambda: log.tell(echo, live=True))
            finally:
                log.tell(echo)
            codes[step] = process.returncode
        self._note(run, ended=now(), steps=codes)
        return next(filter(None, codes.values()), 0)

    def _note(self, run: str, **facts: object) -> None:
        """Keep what this run is and how it ended; a full disk is no reason to end it."""
        with suppress(OSError):
            self._notes(run).write_text(json.dumps(self.noted(run) | facts), encoding="utf-8")

    def noted(self, run: str) -> dict[str, Any]:
        """Give what was kept of a run: when it began and ended, and its steps' exit codes."""
        try:
            found: dict[str, Any] = json.loads(self._notes(run).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def forget(self, run: str) -> None:
        """Delete what a run left."""
        for file in (self.log(run), self._mark(run), self._notes(run), self._progress(run)):
            file.unlink(missing_ok=True)

    def latest(self, limit: int) -> dict[str, dict[str, Any]]:
        """Give what was kept of the latest runs, by their ids."""
        files = sorted(self._logs.glob("*-*.json"), key=lambda file: file.stat().st_mtime)
        return {file.stem: self.noted(file.stem) for file in files[-limit:]}

    def _watch(self, run: str, process: subprocess.Popen[bytes], tell: Callable[[], None]) -> None:
        """Wait until a command ends; end it once the run is cancelled, or with this process."""
        terminated = False
        try:
            while process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK)
                if not terminated and self._ends(run):
                    process.terminate()
                    terminated = True
                tell()
        except BaseException:
            process.terminate()
            raise

    def end(self) -> None:
        """End the run that is under way here, which nobody cancelled."""
        self._told_to_end.set()

    def _ends(self, run: str) -> bool:
        return self._told_to_end.is_set() or self.cancelled(run)

    def cancel(self, run: str) -> None:
        """Let a run end, wherever it is under way; what it has loaded stays."""
        self._mark(run).touch()

    def cancelled(self, run: str) -> bool:
        """Whether somebody wanted a run to end."""
        return self._mark(run).exists()

    def log(self, run: str) -> Path:
        """Give the file of a run's log."""
        return self._logs / f"{run}.log"

    def _mark(self, run: str) -> Path:
        return self._logs / f"{run}.cancelada"

    def _notes(self, run: str) -> Path:
        return self._logs / f"{run}.json"

    def _progress(self, run: str) -> Path:
        return self._logs / f"{run}.jsonl"

    def ended(self, run: str) -> dict[str, str]:
        """Give the code and the sentence with which the tap ended; empty if it ended well."""
        return tap_end(self._progress(run))

    def follow(self, run: str) -> Followed:
        """Give what reads a run's log from its beginning on."""
        return Followed(self.log(run), self._progress(run))


def quiet(env: Mapping[str, str]) -> dict[str, str]:
    """Let Meltano say only what a person can read."""
    return {
        "MELTANO_CLI_LOG_FORMAT": "uncolored",
        "PYTHONWARNINGS": "ignore::ResourceWarning",
        "TAP_SIENGE__LOG_PARSER": "singer-sdk",  # else all lines of the tap are told as info
        **env,
        "NO_COLOR": "1",
        "COLUMNS": "1000",
    }
