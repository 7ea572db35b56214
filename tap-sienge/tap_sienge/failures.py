"""Contexts that failed while the others of their stream were read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import requests
from singer_sdk.exceptions import FatalAPIError

from tap_sienge import errors
from tap_sienge.partitions import PATH, SINCE
from tap_sienge.run import OUTAGE

if TYPE_CHECKING:
    from collections.abc import Collection

    from tap_sienge.run import Run
    from tap_sienge.run_log import Status
    from tap_sienge.values import Record

REFUSALS = 5
"""Rows of a parent of which the API says that it may not be read (403 before any answer, 401), one
after the other, after which it is said of the resource."""

FAILURES = 10
"""Contexts without an answer one after the other, after which a stream asks for no more; of those
that the API refuses, ten times as many.
"""

SILENT = 2
"""Contexts in a row of which nothing came in time, in parts and again, after which a stream of BULK
asks for no more: each took `bulk_timeout` several times over."""

SHOWN = 10
"""Contexts that are named where some failed."""


class FailedContexts:
    """The contexts of a stream that failed, each with its error."""

    def __init__(self, run: Run, *, streamed: bool = False) -> None:
        """Start with none; ``streamed`` answers are those for which a request waits for minutes."""
        self._run = run
        self._streamed = streamed
        self._failed: list[tuple[Record, Exception]] = []
        self.unconfirmed: list[Record] = []
        """Contexts answered with a 404 that is not the API's own, and no other answer since:
        perhaps the resource does not exist."""
        self._in_a_row = 0

    def __len__(self) -> int:
        return len(self._failed)

    @property
    def contexts(self) -> list[Record]:
        """The contexts in their order."""
        return [context for context, _ in self._failed]

    @property
    def causes(self) -> list[Exception]:
        """What they failed with."""
        return [error for _, error in self._failed]

    @property
    def refusal(self) -> errors.Unavailable | None:
        """The first refusal, if the API refused all."""
        refused = [error for error in self.causes if isinstance(error, errors.Unavailable)]
        return refused[0] if len(refused) == len(self) > 0 else None

    def explained(self) -> list[tuple[Record, str]]:
        """Give each context with a sentence on why it failed."""
        failed = [(context, errors.explain(error)) for context, error in self._failed]
        return failed + [(context, errors.UNCONFIRMED) for context in self.unconfirmed]

    @property
    def unread(self) -> list[Record]:
        """The contexts to be read again, the unconfirmed last."""
        return self.contexts + self.unconfirmed

    def clear(self) -> list[Record]:
        """Forget the contexts; give them, to be read again."""
        contexts, self._failed, self.unconfirmed = self.unread, [], []
        return contexts

    def note_answer(self) -> None:
        """Note that a context was answered."""
        self._in_a_row = 0

    def note(self, context: Record, error: Exception) -> None:
        """Keep a context that failed while others are read."""
        self._failed.append((context, error))

    def decide_to_go_on(self, error: Exception, contexts: int, done: int, *, child: bool) -> bool:
        """Count a failure, and decide whether the other contexts are read all the same.

        Not where the API says of the resource that it may not be read, or does not answer at all.
        ``contexts`` are all that are to be read, ``done`` those that were answered.
        """
        run = self._run
        self._in_a_row += 1
        if isinstance(error, requests.ConnectionError) and not run.answered:
            return False
        if contexts == 1 and not child:
            return False
        if isinstance(error, errors.Unauthorized):
            return run.answered and child and self._in_a_row < REFUSALS
        if isinstance(error, errors.Unavailable):
            refused = not done and error.status in errors.REFUSED
            return not refused or (child and self._in_a_row < REFUSALS)
        if isinstance(error, FatalAPIError):
            return self._in_a_row < 10 * FAILURES
        run.failures += 1
        outage = run.failures - self._in_a_row >= OUTAGE  # begun with the streams before
        patience = SILENT if self._streamed and errors.timed_out(error) else FAILURES
        return self._in_a_row < patience and not outage

    @property
    def severity(self) -> Status:
        """Whether what failed is a failure of the API's, or only not to be had."""
        final = (errors.Unauthorized, errors.Unavailable, FatalAPIError)
        return "incomplete" if all(isinstance(e, final) for e in self.causes) else "failed"

    def sentence(self, contexts: int, hidden: Collection[str]) -> str:
        """Tell how many of so many ``contexts`` failed, which, and why.

        Contexts are named by their values, but for the ``hidden`` parameters: personal data.
        """
        unnamed = {*hidden, SINCE, PATH}
        named = [
            "/".join(str(value) for name, value in context.items() if name not in unnamed)
            for context in self.contexts[:SHOWN]
        ]
        more = "…" if len(self) > SHOWN else ""
        reasons = Counter(errors.explain(error) for error in self.causes)
        why = "; ".join(reason for reason, _ in reasons.most_common(3))
        return (
            f"sem resposta em {len(self)} de {contexts} consultas ({', '.join(named)}{more}): "
            f"{why}. Elas são feitas de novo na próxima sincronização, e até lá nada é dado por "
            "excluído"
        )
