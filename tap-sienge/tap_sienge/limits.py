"""How fast the API may be asked: one sliding window per kind of request, shared by all threads."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WINDOW = 60.0
"""Seconds over which the vendor counts requests (FACTS: 200 REST, 20 BULK a minute)."""


class Closed(Exception):  # noqa: N818
    """The run is ending, no further request may start."""


class RateLimiter:
    """At most ``limit`` requests in any ``window`` seconds, as the server sees them.

    A slot is taken when a request starts and comes free ``window`` seconds after its answer:
    between the two lies the instant at which the server counted it, so that network delays can
    never squeeze one request too many into a window.
    """

    def __init__(self, limit: int, window: float = WINDOW) -> None:
        self.limit = limit
        self.window = window
        self._running = 0
        self._answered: deque[float] = deque()
        self._resume_at = 0.0
        self._waited = False
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a free slot and hold it during one request.

        Raises:
            Closed: The limiter was closed before a slot came free.
        """
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(wait)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._answered.append(time.monotonic())

    def pause(self, seconds: float) -> None:
        """Wait without holding a slot.

        Raises:
            Closed: The limiter was closed meanwhile.
        """
        with self._changed:
            if self._changed.wait_for(lambda: self._closed, seconds):
                raise Closed

    def refused(self, retry_after: float | None) -> bool:
        """Pause after a 429: for what the answer asks, else until the window must be free.

        Returns:
            Whether waiting may help; not if a whole window was already waited out in vain.
        """
        with self._changed:
            now = time.monotonic()
            if retry_after is not None:
                self._resume_at = max(self._resume_at, now + retry_after)
            elif now >= self._resume_at:
                if self._waited:
                    return False
                self._waited = True
                self._resume_at = now + self.window
            return True

    def accepted(self) -> None:
        """Note that the API answers again; not if the answer was under way before the pause."""
        with self._changed:
            if time.monotonic() >= self._resume_at:
                self._waited = False

    def close(self) -> None:
        """Refuse every request from now on, also those that are waiting."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _wait(self) -> float:
        if self._closed:
            raise Closed
        now = time.monotonic()
        while self._answered and self._answered[0] <= now - self.window:
            self._answered.popleft()
        if self._running + len(self._answered) < self.limit:
            return self._resume_at - now
        oldest = self._answered[0] if self._answered else now
        return max(oldest + self.window - now, self._resume_at - now, 0.01)
