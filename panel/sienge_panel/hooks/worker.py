"""What reads the objects of waiting events, some seconds after they came, with runs of the tap.

An event is done only once its object is known to be committed: a kill at any instant leaves it
waiting, and at worst its object is read twice. One that came while its object was being read is
none of that run's, so the object is read again.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier

from sienge_panel import choice
from sienge_panel.environment import for_part
from sienge_panel.hooks import store
from sienge_panel.hooks.batch import Batch
from sienge_panel.hooks.store import Store
from sienge_panel.pipeline import CHANGED, OBJECTS
from sienge_panel.problem import ProblemError
from sienge_panel.quota import limits
from sienge_panel.runner import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sienge_panel.run_answers import Cause
    from sienge_panel.runs import Runs
    from sienge_panel.settings import Settings
    from sienge_panel.status import Status
    from sienge_panel.vault import Vault

LOOK = 1.0
"""Seconds between two looks at the table."""

BUSY = 3.0
"""Seconds until it is looked again whether another run has ended."""

LOOKED_AT = 2_000
"""Events that a look takes in at most; those of the same objects cost nothing more."""

CLEANING = 3600.0
"""Seconds between two times that events of long ago are forgotten."""

PAUSES = (60, 300, 900, 3600, 3 * 3600)
"""Seconds until an event that failed is tried again; after the last it is set aside."""

FIRST_REST, LONGEST_REST = 5.0, 600.0
"""Seconds for which nothing is tried after a failure that is no event's, as of the network."""

OTHERS = {
    "password", "network", "settings", "subdomain", "permission", "maintenance", "down", "quota",
    "busy", "disk", "database", "lost", "cancelled",
}  # fmt: skip
"""Causes (`causes.py`) for which no event can be blamed."""

TOMORROW = "a cota de hoje acabou: é lido amanhã"

logger = logging.getLogger("uvicorn.error")


class Worker:
    """A thread of the panel's server."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        status: Status,
        runs: Runs,
        env: Callable[[], dict[str, str]],
    ) -> None:
        """Take what it works with; ``env`` gives a run's environment, or raises ProblemError."""
        self._settings, self._vault, self._status = settings, vault, status
        self._runs, self._env = runs, env
        self.store = Store(settings.database)
        self._stopped, self._thread = Event(), Thread(target=self._work, daemon=True)
        self._log = Identifier(settings.default_schema, "record_log")
        self._rest, self._rests_until = 0.0, 0.0
        self._last_reason = ""
        self._cleaned = -CLEANING

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End with the panel; the events of the run under way go on waiting."""
        self._stopped.set()
        self._runs.runner.end()
        self._thread.join(60)
        self.store.close()

    def _work(self) -> None:
        while not self._stopped.wait(LOOK):
            if monotonic() < self._rests_until:
                continue
            try:
                if monotonic() - self._cleaned > CLEANING:
                    self.store.clean(self._log)
                    self._cleaned = monotonic()
                self._look()
            except BusyError:  # another run is under way: these wait for its end
                self._rests_until = monotonic() + BUSY
            except (ProblemError, psycopg.Error) as error:
                self._pause(str(error))
            except Exception:  # the next look may succeed
                logger.exception("Não consegui ler o que os ganchos avisaram.")
                self._pause("")

    def _look(self) -> None:
        """Read what waits, if it waited for long enough.

        Raises:
            BusyError: Another run is under way.
            ProblemError: There are no credentials.
        """
        (found,) = self.store.rows(store.AGE)
        if found["age"] is None or found["age"] < self._settings.hooks_seconds:
            return
        env = self._env()
        due = self.store.rows(store.DUE, {"limit": LOOKED_AT})
        batch = Batch.of(due, choice.names(env))
        for (result, reason), ids in batch.closed.items():
            self._close(ids, result, reason)
        if not batch.read:
            return
        lowered = for_part(env, self._settings, self._vault)
        limit, used = limits(lowered)["rest"], self._status.used(lowered)["rest"]
        if limit is not None and used >= limit:
            self.store.rows(store.POSTPONE, {"ids": None, "reason": TOMORROW})
            return
        asked = {OBJECTS: batch.only} | ({CHANGED: batch.since} if batch.since else {})
        run = self._runs.read_objects({**lowered, **asked})
        self._settle(batch, run)

    def _settle(self, batch: Batch, run: str) -> None:
        """Note what came of each event, once it is known whether the run's rows are committed."""
        known = next(iter(self._runs.known.latest(1, run)), None)
        lines = [line for line in self._runs.runner.follow(run).events() if line["event"] == "only"]
        if not self._landed(known, lines):
            if not self._stopped.is_set():
                self._blame(batch, known)
            return
        self._rest, self._last_reason = 0.0, ""
        for (status, reason), ids in batch.results(lines).items():
            if status == "ok":
                self._close(ids, "lido", None)
            elif status == "removed":
                self._close(ids, "removido", None)
            elif status == "postponed":
                self.store.rows(store.POSTPONE, {"ids": ids, "reason": reason or TOMORROW})
            else:
                self._fail(ids, reason)

    def _landed(self, run: dict[str, Any] | None, lines: list[dict[str, Any]]) -> bool:
        """Whether the rows of a run are committed.

        By Meltano's word that all ended well; or, where the tap told of failures, by the run's own
        rows in ``record_log``, which land after all else.
        """
        if run and run["state"] == "success":
            return True
        (found,) = self.store.rows(store.THERE, {"table": self._log.as_string()})
        ids = list({line["run"] for line in lines})
        query = SQL(store.LANDED).format(self._log)
        return found["there"] and bool(self.store.rows(query, {"ids": ids}))

    def _blame(self, batch: Batch, run: dict[str, Any] | None) -> None:
        """Try again later what a run that did not land was to read."""
        cause: Cause | None = run["cause"] if run else None
        reason = cause.sentence if cause else "a leitura não chegou ao banco"
        ids = [*batch.read]
        if cause is None or (cause.code in OTHERS and "Configuração only" not in reason):
            self.store.rows(store.DELAY, {"ids": ids, "reason": reason, "counts": 0, "seconds": 0})
            self._pause(reason)
        else:
            self._fail(ids, reason)

    def _fail(self, ids: Iterable[int], reason: str) -> None:
        """Try events again after a pause that grows, and set them aside in the end."""
        by_attempts: dict[int, list[int]] = {}
        for event in self.store.rows(store.ATTEMPTS, {"ids": [*ids]}):
            by_attempts.setdefault(event["attempts"], []).append(event["id"])
        for attempts, found in by_attempts.items():
            if attempts >= len(PAUSES):
                self._close(found, "separado", reason)
                continue
            delay = {"ids": found, "reason": reason, "counts": 1, "seconds": PAUSES[attempts]}
            self.store.rows(store.DELAY, delay)

    def _close(self, ids: list[int], result: str, reason: str | None) -> None:
        self.store.rows(store.CLOSE, {"ids": ids, "result": result, "reason": reason})

    def _pause(self, reason: str) -> None:
        """Let some time pass, ever more; say why once."""
        self._rest = min(max(2 * self._rest, FIRST_REST), LONGEST_REST)
        self._rests_until = monotonic() + self._rest
        if reason and reason != self._last_reason:
            logger.warning("Os avisos do Sienge esperam: %s", reason)
        self._last_reason = reason
