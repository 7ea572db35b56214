"""Reading the contexts of a stream: their pages in order, and again where they do not add up."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import RetriableAPIError

from tap_sienge import errors
from tap_sienge.client import LONGEST_WAIT
from tap_sienge.pages import REREAD_PAGES, TWICE, Page, ReadTally

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Future

    from tap_sienge.prefetch import PagedSource, PagePrefetcher
    from tap_sienge.progress import Progress
    from tap_sienge.records import RecordProcessor
    from tap_sienge.values import Record


SECOND = 2
"""The page after the first, which is the first again where a path takes no offset."""

MOST_PAGES = 5_000
"""Pages of a context that are read at most where no total tells how many there are, or where it is
not believed, as pages do not follow each other."""


class Paginator:
    """Reads the contexts of a stream: their pages in order, and again where they do not add up.

    >>> paginator = Paginator(stream, prefetcher, records, progress, resumable=True)
    >>> for row in paginator.read({"companyId": 1}):
    ...     print(row["id"])
    """

    def __init__(
        self,
        source: PagedSource,
        prefetcher: PagePrefetcher,
        records: RecordProcessor,
        progress: Progress,
        *,
        resumable: bool,
        overlapping: bool = True,
        limit: int | None = None,
        retries: int = 0,
        expected: int = 0,
    ) -> None:
        """Take where pages come from, what makes rows of their records, and how far the read is.

        ``resumable`` says whether keys tell which records came before; ``overlapping`` whether
        pages are long enough to have a record in common; ``limit`` how many rows are wanted;
        ``retries`` how often a context is read again whose answer turns out broken; ``expected``
        how many records the last full read of all contexts brought.
        """
        self._source, self._prefetcher = source, prefetcher
        self._records, self._progress = records, progress
        self._resumable, self._overlapping, self._limit = resumable, overlapping, limit
        self._retries, self._expected = retries, expected
        self._position = (0, 0, 0)

    def read(self, context: Record) -> Generator[Record, None, ReadTally]:
        """Read a context, and again what does not add up; ``is_proven`` tells whether it does."""
        progress = self._progress
        continued = progress.offset > 0
        self._position = self._records.position()
        tally = yield from self._read_once(context)
        if tally.cut:  # no further request would tell more
            return tally
        if self._start_may_be_new(tally, continued=continued):
            yield from self._reread_start(context, tally)
        again = tally.again
        if not self.is_proven(tally) and not continued and tally.pages <= REREAD_PAGES:
            progress.offset = 0
            tally = yield from self._read_once(context)
        if again + tally.again and self._records.keyless > self._position[-1]:
            progress.doubts.append(TWICE)
        return tally

    def is_proven(self, tally: ReadTally) -> bool:
        """Whether the read proves that all records came."""
        # What was deleted after it had come is too much.
        dry_run = self._limit is not None
        return dry_run or tally.proves(self._records.found, exact=not self._resumable)

    def note_doubts(self, tally: ReadTally) -> None:
        """Note what makes it doubtful that all of a context came."""
        records, doubts = self._records, self._progress.doubts
        if records.unreadable:
            doubts.append("há registros ilegíveis, guardados em rejected_rows")
        if self.is_proven(tally):
            return
        if tally.is_only_reordered(records.found):
            sentence = "a ordem dos registros varia entre as páginas; a contagem confere"
            self._source.row_schema.warnings.count(sentence)
        else:
            doubts.append(tally.doubt(records.found))

    def left(self) -> int | None:
        """Give how many more rows a dry run wants."""
        return None if self._limit is None else max(self._limit - self._progress.rows, 0)

    def _read_once(self, context: Record) -> Generator[Record, None, ReadTally]:
        """Read a context; again if an answer that is read as it comes turns out broken."""
        retries = self._retries
        while True:
            try:
                return (yield from self._read_pages(context))
            except errors.MalformedError as error:
                if not retries:
                    raise
                self._source.logger.warning("Tentativa falhou (%s); nova tentativa.", error)
            self._source.limiter.pause(LONGEST_WAIT / 10**retries)
            retries -= 1

    def _read_pages(self, context: Record) -> Generator[Record, None, ReadTally]:
        """Read a context from its first page, or from where an earlier run stopped, to its last."""
        progress = self._progress
        is_all = progress.full and not progress.contexts_done and len(progress.pending) == 1
        tally = ReadTally(expected=self._expected if is_all else 0)
        self._records.rewind(self._position)
        begun = self._page_to_continue(context, tally) if progress.offset else None
        if not begun:
            self._records.restart()
        try:
            for offset, page in self._pages(context, tally, begun):
                self._source.note_page(page, context, tally)
                yield from self._rows_in_order(context, offset, page, tally)
                if self._resumable and page.paged:
                    progress.offset = offset + max(len(page.listed) - 1, 0)
        except errors.Unavailable as error:
            if not tally.pages:
                raise
            raise RetriableAPIError(f"uma página depois da primeira não veio: {error}") from error
        return tally

    # Pages

    def _pages(
        self, context: Record, tally: ReadTally, begun: tuple[int, Page] | None
    ) -> Iterator[tuple[int, Page]]:
        """Give the pages of a context in order, each with its offset; ``begun`` is the first.

        Those that were announced are fetched ahead; where they do not show the end, one after the
        other until one does. ``tally`` is what the pages showed so far.
        """
        prefetcher, limiter = self._prefetcher, self._source.limiter
        dry_run = self._limit is not None
        offset, page = begun or (0, prefetcher.first_page(self._source, context))
        if self._source.conclude_first_page(page, context):
            tally.ended = True
            return
        step, count = page.step, page.total or 0
        next_offset, covered = offset + step, offset + page.size
        waiting: deque[tuple[int, Future[Page]]] = deque()
        many = 2 * prefetcher.connections
        try:
            while True:
                while covered < count and len(waiting) < many and not dry_run:
                    if waiting and not prefetcher.has_room(limiter):
                        break
                    future = prefetcher.submit(self._source, context, next_offset)
                    waiting.append((next_offset, future))
                    next_offset, covered = next_offset + step, covered + step
                if not dry_run:
                    prefetcher.look_ahead(max(count - covered, 0) // step)
                tally.pages += 1
                yield offset, page
                if not waiting or tally.ended or (tally.stuck and not page.listed):
                    break
                if tally.slipped and tally.pages >= MOST_PAGES:
                    return
                offset, future = waiting.popleft()
                page = future.result()
                count = max(count, page.total or 0)  # a collection may grow while it is read
        finally:
            for _, future in waiting:
                future.cancel()
        while not (dry_run or tally.ended or tally.stuck) and tally.pages < MOST_PAGES:
            if tally.slipped and (tally.again >= tally.patience or not self._resumable):
                break
            offset = tally.end - int(len(page.listed) > 1)
            page = prefetcher.page(self._source, context, offset)
            tally.pages += 1
            yield offset, page

    def _page_to_continue(self, context: Record, tally: ReadTally) -> tuple[int, Page]:
        """Give the page where a read goes on: one that begins with a row that came before.

        The way back to it is kept, so that even a day of a few requests brings it further.
        """
        progress = self._progress
        while True:
            page = self._prefetcher.page(self._source, context, progress.offset)
            if self._follows(progress.offset, page, tally, context):
                return progress.offset, page
            progress.offset = max(progress.offset - page.step, 0)

    def _rows_in_order(
        self, context: Record, offset: int, page: Page, tally: ReadTally
    ) -> Iterator[Record]:
        """Give the rows of a page, and before them those that slipped away from in front of it.

        Where it does not follow the page before, it is read once more, as pages come out of order;
        then those in front of it, until one begins with a row that came before.
        """
        if tally.pages == SECOND and page.total is None and self._repeats(page, tally):
            return tally.see_again(page)
        waiting, fresh = [(offset, page)], False
        while waiting:
            offset, page = waiting[-1]
            follows = self._follows(offset, page, tally, context)
            broken = fresh and not page.listed and (page.total or 0) > offset
            if follows or broken or not self._resumable or tally.again >= tally.patience:
                tally.slipped |= not follows
                again = self._overlap(offset, page, tally)
                brings = self._brings(page, again, context)
                equal = again if page.listed[again - 1 : again] == [tally.last] else 0
                yield from islice(self._records.rows(page.records, context, equal), self.left())
                tally.see(offset, page, brings=brings, continues=again > 0)
                waiting.pop()
                fresh = False
                continue
            if fresh:
                offset = max(min(offset - page.step, tally.end - 1), 0)
            else:
                waiting.pop()
            waiting.append((offset, self._prefetcher.page(self._source, context, offset)))
            tally.again += 1
            fresh = True

    def _start_may_be_new(self, tally: ReadTally, *, continued: bool) -> bool:
        """Whether rows may have been created in front of where the read was by then."""
        if not self._resumable or self._limit is not None or (tally.pages == 1 and not continued):
            return False
        return continued or tally.changed or not self.is_proven(tally)

    def _reread_start(self, context: Record, tally: ReadTally) -> Iterator[Record]:
        """Read the first pages again for rows created meanwhile, where the newest come first."""
        offset, before = 0, -1
        while before < len(self._records.seen) and tally.again < REREAD_PAGES:
            before = len(self._records.seen)
            page = self._prefetcher.page(self._source, context, offset)
            tally.again += 1
            tally.total = page.total
            yield from self._records.rows(page.records, context)
            offset += page.step

    # How pages follow each other

    def _follows(self, offset: int, page: Page, tally: ReadTally, context: Record) -> bool:
        """Whether every row in front of a page came, if it was there all the time."""
        if offset == 0 or not page.paged or not self._overlapping:
            return True
        if not page.listed:  # without a total, a record stands where the page begins
            return page.total == tally.total and (page.total is not None or offset >= tally.end)
        if self._overlap(offset, page, tally):
            return True
        return self._resumable and self._records.came(page.listed[0], context)

    def _overlap(self, offset: int, page: Page, tally: ReadTally) -> int:
        """Give how many records of a page came with the one before, by their places.

        0 if the last of them is another record than the one that is known to stand there.
        """
        many = tally.end - offset
        if not 0 < many <= len(page.listed):
            return 0
        return many if self._same(page.listed[many - 1], tally.last) else 0

    def _same(self, record: Any, other: Any) -> bool:  # noqa: ANN401
        """Whether two records are one, perhaps changed meanwhile."""
        if record == other:
            return True
        key = self._records.key_of
        return self._resumable and key(record, {}) == key(other, {}) is not None

    def _repeats(self, page: Page, tally: ReadTally) -> bool:
        """Whether a page is the first one again."""
        if tally.first is None:
            return False
        many, first, last = tally.first
        listed = page.listed
        if not listed or len(listed) != many:
            return False
        return self._same(listed[0], first) or self._same(listed[-1], last)

    def _brings(self, page: Page, again: int, context: Record) -> bool:
        """Whether a page has records that did not come before."""
        listed = page.listed[again:]
        if not self._resumable:
            return bool(listed)
        objects = (record for record in listed if isinstance(record, dict))
        return not all(self._records.came(record, context) for record in objects)
