"""Reading a context: its pages in order, and again where they do not reconcile."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

import requests
from singer_sdk.exceptions import RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.decode import mended
from tap_sienge.http import body_of
from tap_sienge.keys import ContentKeys, DistinctKeys, digest
from tap_sienge.privacy import without_persons
from tap_sienge.reader import Page
from tap_sienge.rows import SiengeRows
from tap_sienge.values import Record, unnest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from tap_sienge.tap import TapSienge

REREAD_PAGES = 50
"""Pages that may be read once more where a read does not reconcile."""

BESIDE = 1000
"""Records of a page or BULK answer among which a key that comes twice is noticed."""

BROKEN = "api-error"
"""Field of the extra record by which BULK answers tell that they broke off (spec)."""

TELLING = 5.0
"""Seconds between two words on how far a stream is."""


@dataclass
class Read:
    """What reading a context showed."""

    total: int | None = None
    """Records that it has, None where nobody can say."""
    pages: int = 0
    changed: bool = False
    """Whether not all pages announced the same number of records."""
    slipped: bool = False
    """Whether a page does not follow the one before: rows may have slipped between them."""
    again: int = 0
    """Pages that were read once more."""
    last: object = None
    """The record with which the last page ended."""

    @property
    def patience(self) -> int:
        """Pages that may be read once more where one does not follow the one before."""
        return min(2 + 2 * self.pages, REREAD_PAGES)

    def see(self, page: Page) -> None:
        """Take what a page announced."""
        self.changed |= self.total not in {None, page.total}
        self.total = page.total
        self.last = page.listed[-1] if page.listed else None


class SiengeReading(SiengeRows):
    """How the pages of a stream are read."""

    records_key: ClassVar[str] = "results"
    nested: ClassVar[str | None] = None
    """Path of the list in a record whose objects are the rows."""

    def __init__(self, tap: TapSienge) -> None:
        """Start with nothing read."""
        super().__init__(tap)
        self._asked = self._arrived = self._unreadable = 0
        self._planned = False
        self._before = (0, 0)
        self._told_at = -TELLING

    def fetch(self, context: Record, offset: int) -> Page:
        """Ask for one page; raises what ``answer`` raises."""
        return self.answer(self.prepare(context, offset), self._page)

    def _page(self, response: requests.Response) -> Page:
        """Read the answer's body in any of the API's shapes.

        Raises:
            RetriableAPIError: It is none of them.
        """
        body, soiled = body_of(response)
        count, size = None, self.page_size
        if isinstance(body, dict):
            metadata = body.get("resultSetMetadata")
            if isinstance(metadata, dict) and self.paged:
                count = metadata.get("count")
                size = min(size, metadata.get("limit") or size)
            wrapper = next((key for key in ("results", self.records_key) if key in body), None)
            if wrapper:
                body = body[wrapper] or []
            elif not self.table.knows(body):
                body = None if body or self.paged else []
        records = [body] if isinstance(body, dict) else body
        if not isinstance(records, list):
            raise RetriableAPIError("a resposta não tem o formato documentado", response)
        if soiled:
            records = mended(records, self.table.report)
        return Page(records, count if isinstance(count, int) else None, size)

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        parameters = dict(context or {})
        if self._left == 0 or (not parameters and (self.parents or self.chosen_by)):
            return
        yield from self._ask(parameters)
        progress = self.progress
        progress.pending.remove(parameters)
        progress.offset = 0

    def _ask(self, context: Record) -> Iterator[Record]:
        """Read a context, and again what does not reconcile."""
        self._asked += 1
        progress = self.progress
        continued = progress.offset > 0
        self._before = self._tap.rejects.mark, self.entry.rejected
        try:
            read = yield from self._read(context)
            if self._front_may_be_new(read, continued=continued):
                yield from self._look_in_front(context, read)
            if not self._reconciled(read) and not continued and read.pages <= REREAD_PAGES:
                progress.offset = 0
                read = yield from self._read(context)
        except errors.Unavailable as error:
            if error.status != requests.codes.not_found or not context:
                raise
            progress.asked += 1
            progress.unanswered += 1
            return
        progress.asked += 1
        progress.rows += len(progress.seen)
        if not (self.paged or self.nested) and (lost := self._arrived - len(progress.seen)) > 0:
            self.table.report["registro com a chave de outro, longe dele; vale o último"] += lost
        if self._unreadable:
            progress.doubts.append("há registros ilegíveis, guardados em rejected_rows")
        if self._reconciled(read):
            return
        if self._found == read.total and not read.changed:
            # As many as announced all the time, and yet no page follows another: the endpoint sorts
            # by something that is not unique.
            self.table.report.count(
                "a ordem dos registros varia entre as páginas; a contagem confere"
            )
        else:
            moved = ", pois registros mudaram de página durante a leitura" if read.slipped else ""
            progress.doubts.append(
                f"a API anunciou {read.total} registros e vieram {self._found}{moved}"
            )

    @property
    def _found(self) -> int:
        return self._arrived if self.nested else len(self.progress.seen)

    def _reconciled(self, read: Read) -> bool:
        """Whether all records came that the API announced, each page following the one before."""
        if self.dry_run or read.total is None:
            return True
        # What was deleted after it had come is too much.
        enough = self._found >= read.total if self._resumable else self._found == read.total
        return enough and not read.slipped

    @property
    def _resumable(self) -> bool:
        """Whether a read may go on within a context: not where equal rows are told by counting."""
        return self.content_key is None and not self.nested

    def step(self, page: Page) -> int:
        """How far the next page starts behind this one: at its last record.

        By the record that they have in common a read tells that no row slipped between them;
        ``count`` does not, where as many were created as deleted.
        """
        return max(page.size - 1, 1)

    def _read(self, context: Record) -> Generator[Record, None, Read]:
        """Read a context from its first page, or from where an earlier run stopped, to its last."""
        progress, read = self.progress, Read()
        self._unreadable = 0
        mark, self.entry.rejected = self._before
        self._tap.rejects.forget(mark)
        found = self._find_again(context, read) if progress.offset else None
        if not found:
            progress.seen, self._content_keys = DistinctKeys(), ContentKeys()
            self._arrived = 0
        for offset, page in self._tap.reader.pages(self, context, found):
            if not read.pages and not self._planned and context:
                later = self.contexts[self.contexts.index(context) + 1 :]
                self._tap.reader.plan((self, other) for other in later)
                self._planned = True
            read.pages += 1
            self._tell(read, page)
            yield from self._connect(context, offset, page, read)
            if self._resumable and page.total is not None:
                progress.offset = offset + max(len(page.listed) - 1, 0)
        return read

    def _tell(self, read: Read, page: Page) -> None:
        """Say how far a read of many requests is, now and then: the panel shows it."""
        if (many := len(self.contexts)) > 1:
            what, number = "consulta", self._asked
        else:
            what, number = "página", read.pages
            many = ceil(((page.total or 0) - 1) / self.step(page))
        if number > 1 and (now := monotonic()) - self._told_at >= TELLING:
            self._told_at = now
            came = self.progress.rows + len(self.progress.seen)
            self.logger.info("%s: %s %d de %d, %d linhas", self.name, what, number, many, came)

    def _find_again(self, context: Record, read: Read) -> tuple[int, Page]:
        """Give the page where a read goes on: one that begins with a row that came before.

        The way back to it is kept, so that even a day of a few requests brings it further.
        """
        progress = self.progress
        while True:
            page = self._tap.reader.page(self, context, progress.offset)
            if self._follows(progress.offset, page, read, context):
                return progress.offset, page
            progress.offset = max(progress.offset - self.step(page), 0)

    def _connect(self, context: Record, offset: int, page: Page, read: Read) -> Iterator[Record]:
        """Give the rows of a page, and before them those that slipped away from in front of it.

        Where it does not follow the page before, it is read once more, as pages come out of order;
        then those in front of it, until one begins with a row that came before.
        """
        waiting, fresh = [(offset, page)], False
        while waiting:
            offset, page = waiting[-1]
            follows = self._follows(offset, page, read, context)
            broken = fresh and not page.listed and (page.total or 0) > offset
            if follows or broken or not self._resumable or read.again >= read.patience:
                read.slipped |= not follows
                overlaps = offset > 0 and page.listed[:1] == [read.last]
                yield from islice(self._rows(page, overlaps=overlaps), self._left)
                read.see(page)
                waiting.pop()
                fresh = False
                continue
            if fresh:
                offset = max(offset - self.step(page), 0)
            else:
                waiting.pop()
            waiting.append((offset, self._tap.reader.page(self, context, offset)))
            read.again += 1
            fresh = True

    def _follows(self, offset: int, page: Page, read: Read, context: Record) -> bool:
        """Whether every row in front of a page came, if it was there all the time."""
        if offset == 0 or page.total is None or self.page_size == 1:
            return True
        if not page.listed:
            return page.total == read.total
        first = page.listed[0]
        return first == read.last or (self._resumable and self._came(first, context))

    def _front_may_be_new(self, read: Read, *, continued: bool) -> bool:
        """Whether rows may have been created in front of where the read was by then."""
        if not self._resumable or self.dry_run or (read.pages == 1 and not continued):
            return False
        return continued or read.changed or not self._reconciled(read)

    def _look_in_front(self, context: Record, read: Read) -> Iterator[Record]:
        """Read the first pages again for rows created meanwhile, where the newest come first."""
        offset, before = 0, -1
        while before < len(self.progress.seen) and read.again < REREAD_PAGES:
            before = len(self.progress.seen)
            page = self._tap.reader.page(self, context, offset)
            read.again += 1
            read.total = page.total
            yield from self._rows(page)
            offset += self.step(page)

    def unchanged(self, page: Page) -> bool:
        """Whether a first page tells that a watched stream need not be read before it is due."""
        progress = self.progress
        if not self.watched or progress.offset or self.dry_run:
            return False
        progress.first_page = digest([page.total, list(page.records)], self.privacy.key).hex()
        same = progress.first_page == self.stream_state.get("first_page")
        self._unchanged = same and not progress.full
        progress.full = not self._unchanged
        self.entry.extent = "full" if progress.full else "none"
        return self._unchanged

    @property
    def _left(self) -> int | None:
        """How many more records a dry run wants."""
        limit = self.ABORT_AT_RECORD_COUNT
        return None if limit is None else max(limit - self.progress.rows, 0)

    def _rows(self, page: Page, *, overlaps: bool = False) -> Iterator[Record]:
        """Give the records of a page but for the one that came with the page before."""
        for position, record in enumerate(islice(page.records, int(overlaps), None)):
            if position % BESIDE == 0:
                self._forget_beside(but_last=overlaps and position == 0)
            if not isinstance(record, dict):
                self._arrived += 1
                self._unreadable += 1
                hidden = self.privacy.unknown(record)
                self._set_aside(("ilegível", self._unreadable), hidden, "não é um objeto")
                continue
            if record.keys() == {BROKEN}:
                reason = without_persons(str(record[BROKEN]))
                self.progress.doubts.append(f"a API interrompeu a resposta: {reason}")
                continue
            self._arrived += 1
            if self.nested:
                yield from unnest(record, self.nested, self.table.nested)
            else:
                yield record
