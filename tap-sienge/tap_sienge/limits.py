"""How many requests a minute and a day: one limiter for each of the two APIs."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from tap_sienge.errors import QuotaSpent
from tap_sienge.ledger import LONGEST_REFUSAL, WINDOW
from tap_sienge.values import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tap_sienge.ledger import Ledger

Api = Literal["rest", "bulk"]

SIENGE: dict[str, Any] = json.loads(
    Path(__file__).with_name("plans.json").read_text(encoding="utf-8")
)
"""The API's address and what it allows (FACTS), in a file that other programs may read, too.

``per_day`` names the settings that take the place of a plan's limit, or are taken from it.
"""

PLANS: dict[str, dict[Api, int]] = SIENGE["plans"]
"""Requests a day by plan."""

LONGEST_PAUSE = 600.0
"""Seconds that a refusal may ask to wait; what asks for more ends the day."""

PATIENCE = 3
"""Times at most that an answer asks to wait, in vain, for less than ``LONGEST_PAUSE``."""

MOST_A_DAY = 10**9
"""More requests than a day can have, said of one without limits."""

LEFT_TODAY = "x-ratelimit-remaining-day"
"""Header by which the API tells how many requests the day still has (FACTS)."""

LOOK_AGAIN = 1.0
"""Seconds until a full window is looked at again, as other processes may have had answers."""


class Closed(Exception):  # noqa: N818
    """The run is ending, no further request may start."""


class RateLimiter:
    """At most ``limit`` requests in any ``window`` seconds, and ``quota`` a day.

    Both as the server sees them: a slot is taken when a request starts and comes free ``window``
    seconds after its answer, as between the two lies the instant at which the server counted it.
    Shared by all threads, and through the ledger by all processes.
    """

    def __init__(
        self,
        ledger: Ledger,
        api: Api,
        limit: int,
        quota: int | None = None,
        timeout: float = 60.0,
        window: float = WINDOW,
        reserve: int = 0,
    ) -> None:
        """Take the ledger to count in.

        ``timeout`` is how long an answer may take, in seconds; ``reserve`` how many of the requests
        that the API allows a day are left to others, as they already are in ``quota``.
        """
        self.limit = limit
        self.quota = quota
        self.window = window
        self.spent: QuotaSpent | None = None
        """Why this run may ask no more."""
        self._reserve = reserve
        self._ledger = ledger
        self._api = api
        self._lifetime = 2 * timeout + window  # to connect, and to answer
        self._running: set[int] = set()
        self._resume_at = 0.0
        self._waited = False
        self._in_vain = 0
        """Refusals one after the other, each after the wait that the one before asked for."""
        self._closed = False
        self._changed = threading.Condition()

    def left(self) -> int | None:
        """Count the requests that the day still has; None where neither plan nor API tell."""
        with self._changed:
            return self._ledger.left(self._api, self.quota)

    def note_headers(self, place: int, headers: Mapping[str, str]) -> None:
        """Believe an answer's headers how many requests the day still has.

        ``place`` is the one of its request in the day.
        """
        left = whole(headers.get(LEFT_TODAY))
        if left is not None and left <= MOST_A_DAY:
            self._ledger.note_left(self._api, place, left - self._reserve)

    @contextmanager
    def slot(self) -> Iterator[int]:
        """Wait for a free slot and hold it during one request; gives its place in the day.

        Raises:
            Closed: The limiter was closed before a slot came free.
            errors.QuotaSpent: The day's quota is spent.
        """
        with self._changed:
            taken = self._take()
            while taken is None:
                taken = self._take()
            number, place = taken
            self._running.add(number)
        try:
            yield place
        finally:
            self._ledger.answered(number, self.window)
            self._running.discard(number)
            if self._closed or self._waited:  # else nobody waits for this, nor must this for others
                with self._changed:
                    if self._closed:
                        self._ledger.settle()
                    self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait without holding a slot.

        Raises:
            Closed: The limiter was closed meanwhile.
        """
        with self._changed:
            if self._changed.wait_for(lambda: self._closed, seconds):
                raise Closed

    def refused(self, retry_after: float | None) -> None:
        """Pause after a 429: for what the answer asks, else until the window must be free.

        Raises:
            errors.QuotaSpent: Waiting is of no use: a whole window was already waited out in vain,
                or several times what the answers asked for.
        """
        with self._changed:
            now = time.monotonic()
            if retry_after is not None and retry_after <= LONGEST_PAUSE:
                if now >= self._resume_at:
                    self._in_vain += 1
                if self._in_vain > PATIENCE:
                    self._spend(QuotaSpent(retry_after))
                self._resume_at = max(self._resume_at, now + retry_after)
            elif retry_after is not None:
                seconds = min(retry_after, LONGEST_REFUSAL)
                self._ledger.pause(self._api, seconds)
                self._spend(QuotaSpent(seconds))
            elif now >= self._resume_at and self._waited:
                self._spend(QuotaSpent())
            elif now >= self._resume_at:
                self._waited = True
                self._resume_at = now + self.window

    def accepted(self) -> None:
        """Note that the API answers again; not if the answer was under way before the pause."""
        if not (self._waited or self._in_vain):
            return
        with self._changed:
            if time.monotonic() >= self._resume_at:
                self._waited, self._in_vain = False, 0
                self._changed.notify_all()

    def close(self) -> None:
        """Refuse every request from now on, also those that are waiting."""
        with self._changed:
            self._closed = True
            self._ledger.settle()
            self._changed.notify_all()

    def _take(self) -> tuple[int, int] | None:
        """Take a slot and give its number and its place in the day, or wait a while for one."""
        if self._closed:
            raise Closed
        if self.spent:
            raise self.spent
        wait = self._resume_at - time.monotonic()
        if wait <= 0 and not (self._waited and self._running):  # after a refusal one tries first
            try:
                number, place, wait = self._ledger.take(
                    self._api, self.limit, self.quota, self._lifetime
                )
            except QuotaSpent as spent:
                self._spend(spent)
            if number:
                return number, place
            wait = max(wait, 0.001)
        self._changed.wait(min(wait, LOOK_AGAIN) if wait > 0 else LOOK_AGAIN)
        return None

    def _spend(self, spent: QuotaSpent) -> NoReturn:
        self.spent = spent
        self._changed.notify_all()
        raise spent
