"""Pages fetched ahead of need over a few connections."""

from __future__ import annotations

import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Protocol

from tap_sienge.limits import Closed
from tap_sienge.memory import collect_rarely, keep_steady

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable

    from tap_sienge.limits import RateLimiter
    from tap_sienge.pages import Page, ReadTally
    from tap_sienge.row_schema import RowSchema
    from tap_sienge.values import Record

SWITCH_SECONDS = 0.0005
"""How long converting records may keep a thread from sending its next request; Python's own 5 ms,
at each of the many small reads of an answer, would leave connections idle for a third of the time.
"""


class PageSource(Protocol):
    """What pages are fetched of: a stream."""

    name: str

    @property
    def limiter(self) -> RateLimiter:
        """The limiter that counts its requests."""

    def fetch(self, context: Record, offset: int) -> Page:
        """Fetch one page; called by any thread."""

    def wants(self, context: Record) -> bool:
        """Whether a context that was announced is still to be read."""


class PagedSource(PageSource, Protocol):
    """What a paginator reads: a stream."""

    @property
    def row_schema(self) -> RowSchema:
        """How records become rows."""

    @property
    def logger(self) -> logging.Logger:
        """Where it logs."""

    def conclude_first_page(self, page: Page, context: Record) -> bool:
        """Give whether a first page tells that nothing of its context need be read."""

    def note_page(self, page: Page, context: Record, tally: ReadTally) -> None:
        """Take note that a page came."""


class PagePrefetcher:
    """The threads of a run, which all streams share.

    ``max_connections`` requests run at a time. While one stream's records are emitted, its next
    pages and the first pages of the streams to come are already under way: most collections of
    Sienge are one page long. What waits in memory is bounded by three pages a connection.
    """

    def __init__(self, max_connections: int) -> None:
        """Open a pool of threads."""
        sys.setswitchinterval(SWITCH_SECONDS)
        keep_steady()
        collect_rarely()
        self.connections = max_connections
        # Twice as many threads: while one reads an answer, another has its connection.
        self._pool = ThreadPoolExecutor(2 * max_connections, thread_name_prefix="sienge")
        self._announced: deque[tuple[PageSource, Record]] = deque()
        self._first: dict[tuple[str, str], Future[Page]] = {}
        self._running: set[Future[Page]] = set()
        self._closed = False

    def announce(self, reads: Iterable[tuple[PageSource, Record]]) -> None:
        """Say which contexts are read next, in their order, each with its stream."""
        self._announced.extendleft(reversed(list(reads)))

    def forget(self, source: PageSource, context: Record) -> None:
        """Drop a first page that was fetched ahead and is not needed any more."""
        self._first.pop(_key(source, context), None)

    def close(self) -> None:
        """Fetch nothing more; what has not started is dropped."""
        self._closed = True
        self._announced.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def page(self, source: PageSource, context: Record, offset: int) -> Page:
        """Give one page, out of order; raises what ``source.fetch`` raises."""
        return self.submit(source, context, offset).result()

    def first_page(self, source: PageSource, context: Record) -> Page:
        """Give a first page, fetched ahead or now."""
        future = self._first.pop(_key(source, context), None)
        if future is None:
            if (source, context) in self._announced:
                self._announced.remove((source, context))
            future = self.submit(source, context, 0)
        return future.result()

    def submit(self, source: PageSource, context: Record, offset: int) -> Future[Page]:
        """Start to fetch a page, as soon as the day has a request left for it.

        Raises:
            Closed: The run is ending.
        """
        if self._closed:
            raise Closed
        while (running := self._under_way()) and not self.has_room(source.limiter):
            wait(running, return_when=FIRST_COMPLETED)
        future = self._pool.submit(source.fetch, context, offset)
        self._running = {*running, future}
        return future

    def _under_way(self) -> set[Future[Page]]:
        return {future for future in self._running if not future.done()}

    def has_room(self, limiter: RateLimiter) -> bool:
        """Whether the day has a request left beside those that are under way.

        Else the last ones could be answered out of order, and those after a gap fetched again.
        """
        left = limiter.left()
        return left is None or left > len(self._under_way())

    def look_ahead(self, needed: int) -> None:
        """Fetch first pages that were announced, unless the day's last requests are needed before.

        Called only after an answer has proven the credentials. ``needed`` is how many pages the
        current context still has.
        """
        while self._announced and len(self._first) < self.connections:
            source, context = self._announced[0]
            if not self._has_plenty(source.limiter, needed) and (self._first or needed):
                return
            if not self.has_room(source.limiter):
                return
            self._announced.popleft()
            if not source.wants(context):
                continue
            self._first[_key(source, context)] = self.submit(source, context, 0)

    def _has_plenty(self, limiter: RateLimiter, needed: int) -> bool:
        """Whether the day's end is too far away to matter."""
        left = limiter.left()
        return left is None or left > needed + 2 * self.connections


def _key(source: PageSource, context: Record) -> tuple[str, str]:
    return source.name, repr(context)
