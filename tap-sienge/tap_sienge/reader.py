"""Pages over a few connections, asked for ahead of need and handed out in order."""

from __future__ import annotations

import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from tap_sienge.limits import Closed
from tap_sienge.memory import collect_rarely, keep_steady

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tap_sienge.limits import RateLimiter
    from tap_sienge.pagination import Page, Read
    from tap_sienge.reading import SiengeReading
    from tap_sienge.values import Record

SWITCH_SECONDS = 0.0005
"""How long converting records may keep a thread from sending its next request; Python's own 5 ms,
at each of the many small reads of an answer, would leave connections idle for a third of the time.
"""


class Reader:
    """The connections of a run, which all streams share.

    ``max_connections`` requests run at a time. While one stream's pages are emitted, its next ones
    and the first pages of the streams to come are already under way: most collections of Sienge
    are one page long. What waits in memory is bounded by three pages a connection.
    """

    def __init__(self, max_connections: int) -> None:
        """Open a pool of threads."""
        sys.setswitchinterval(SWITCH_SECONDS)
        keep_steady()
        collect_rarely()
        self.connections = max_connections
        # Twice as many threads: while one reads an answer, another has its connection.
        self._pool = ThreadPoolExecutor(2 * max_connections, thread_name_prefix="sienge")
        self._planned: deque[tuple[SiengeReading, Record]] = deque()
        self._first: dict[tuple[str, str], Future[Page]] = {}
        self._running: set[Future[Page]] = set()
        self._closed = False

    def plan(self, reads: Iterable[tuple[SiengeReading, Record]]) -> None:
        """Announce the next reads in their order, each a stream and a context."""
        self._planned.extendleft(reversed(list(reads)))

    def page(self, stream: SiengeReading, context: Record, offset: int) -> Page:
        """Give one page, out of order; raises what ``stream.fetch`` raises."""
        return self._submit(stream, context, offset).result()

    def pages(
        self,
        stream: SiengeReading,
        context: Record,
        read: Read,
        begun: tuple[int, Page] | None = None,
    ) -> Iterator[tuple[int, Page]]:
        """Give the pages of one read in order, each with its offset; ``begun`` is the first.

        Those that were announced are asked for ahead; where they do not show the end, one after
        the other until one does. ``read`` is what the pages showed so far.

        Raises:
            Exception: Whatever ``stream.fetch`` raises for a page, in its place.
        """
        offset, page = begun or (0, self._first_page(stream, context))
        if stream.spares(page, context):
            read.ended = True
            return
        step, count = stream.step(page), page.total or 0
        asked, covered = offset + step, offset + page.size
        waiting: deque[tuple[int, Future[Page]]] = deque()
        many = 2 * self.connections
        try:
            while True:
                while covered < count and len(waiting) < many and not stream.dry_run:
                    if waiting and not self._has_room(stream.limiter):
                        break
                    waiting.append((asked, self._submit(stream, context, asked)))
                    asked, covered = asked + step, covered + step
                if not stream.dry_run:
                    self._look_ahead(max(count - covered, 0) // step)
                yield offset, page
                if not waiting or read.ended or (read.stuck and not page.listed):
                    break
                offset, future = waiting.popleft()
                page = future.result()
                count = max(count, page.total or 0)  # a collection may grow while it is read
        finally:
            for _, future in waiting:
                future.cancel()
        while not (stream.dry_run or read.ended or read.stuck):
            if read.slipped and (read.again >= read.patience or not stream.resumable):
                break
            offset = read.end - int(len(page.listed) > 1)
            page = self.page(stream, context, offset)
            yield offset, page

    def forget(self, stream: SiengeReading, context: Record) -> None:
        """Drop a first page that was asked for ahead and is not needed any more."""
        self._first.pop(_key(stream, context), None)

    def close(self) -> None:
        """Ask for nothing more; what has not started is dropped."""
        self._closed = True
        self._planned.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, stream: SiengeReading, context: Record, offset: int) -> Future[Page]:
        if self._closed:
            raise Closed
        while self._running and not self._has_room(stream.limiter):
            wait(self._running, return_when=FIRST_COMPLETED)
        future = self._pool.submit(stream.fetch, context, offset)
        self._running.add(future)
        return future

    def _has_room(self, limiter: RateLimiter) -> bool:
        """Whether the day has a request left beside those that are under way.

        Else the last ones could be answered out of order, and those after a gap asked for again.
        """
        self._running = {future for future in self._running if not future.done()}
        left = limiter.left
        return left is None or left > len(self._running)

    def _has_plenty(self, limiter: RateLimiter, needed: int) -> bool:
        """Whether the day's end is too far away to matter."""
        left = limiter.left
        return left is None or left > needed + 2 * self.connections

    def _first_page(self, stream: SiengeReading, context: Record) -> Page:
        """Give a first page, asked for ahead or now."""
        future = self._first.pop(_key(stream, context), None)
        if future is None:
            if (stream, context) in self._planned:
                self._planned.remove((stream, context))
            future = self._submit(stream, context, 0)
        return future.result()

    def _look_ahead(self, needed: int) -> None:
        """Ask for first pages to come, unless the day's last requests are needed before.

        Called only after an answer has proven the credentials.
        """
        while self._planned and len(self._first) < self.connections:
            stream, context = self._planned[0]
            if not self._has_plenty(stream.limiter, needed) and (self._first or needed):
                return
            if not self._has_room(stream.limiter):
                return
            self._planned.popleft()
            if not stream.wants(context):
                continue
            self._first[_key(stream, context)] = self._submit(stream, context, 0)


def _key(stream: SiengeReading, context: Record) -> tuple[str, str]:
    return stream.name, repr(context)
