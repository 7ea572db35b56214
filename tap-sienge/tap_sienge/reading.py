"""Reading a context: its pages in order, and again where they do not reconcile."""

from __future__ import annotations

from itertools import islice
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import requests
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.decode import mended
from tap_sienge.http import OUTAGE, body_of
from tap_sienge.keys import ContentKeys, DistinctKeys, digest
from tap_sienge.pagination import REREAD_PAGES, Page, Read
from tap_sienge.privacy import without_persons
from tap_sienge.rows import SiengeRows
from tap_sienge.values import Record, unnest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from tap_sienge.tap import TapSienge

BESIDE = 1000
"""Records of a page or BULK answer among which a key that comes twice is noticed."""

BROKEN = "api-error"
"""Field of the extra record by which BULK answers tell that they broke off (spec)."""

REFUSALS = 5
"""Rows of a parent of which the API says that it may not be read (403), one after the other and
before any answer, after which it is said of the resource."""

FAILURES = 10
"""Contexts without an answer one after the other, after which a stream asks for no more; of those
that the API refuses, ten times as many.
"""

ONE_CONTEXT = (
    errors.Unavailable,
    RetriableAPIError,
    FatalAPIError,
    requests.RequestException,
)
"""What may fail of one context alone."""

TELLING = 5.0
"""Seconds between two words on how far a stream is."""


class SiengeReading(SiengeRows):
    """How the pages of a stream are read."""

    records_key: ClassVar[str] = "results"
    nested: ClassVar[str | None] = None
    """Path of the list in a record whose objects are the rows."""
    may_be_object: ClassVar[bool] = False
    """Whether the documents give a page as one record without its list."""

    def __init__(self, tap: TapSienge) -> None:
        """Start with nothing read."""
        super().__init__(tap)
        self._asked = self._arrived = self._unreadable = self._failures_in_a_row = 0
        self.failed: list[tuple[Record, Exception]] = []
        """Contexts that failed while others are read."""
        self._planned = False
        self._before = (0, 0)
        self._told_at = -TELLING

    def fetch(self, context: Record, offset: int) -> Page:
        """Ask for one page; raises what ``answer`` raises."""
        prepared = self.prepare(context, offset)
        return self.answer(prepared, lambda response: self._page(response, offset))

    def _page(self, response: requests.Response, offset: int) -> Page:
        """Read the answer's body in any of the shapes in which the API gives records.

        Raises:
            RetriableAPIError: It is none of them.
            errors.Unavailable: There is nothing in it.
        """
        body, soiled = body_of(response)
        if not self.paged and body in (None, {}):
            raise errors.Unavailable(requests.codes.no_content)
        records, metadata = self._records(body), None
        if isinstance(body, dict):
            metadata = body.get("resultSetMetadata")
        if records is None:
            raise RetriableAPIError(errors.UNDOCUMENTED, response)
        if soiled:
            records = mended(records, self.table.report)
        told = metadata if isinstance(metadata, dict) else {}
        return Page.of(records, told, offset, self.page_size, paged=self.paged)

    def _records(self, body: Any) -> list[Any] | None:  # noqa: ANN401
        """Give the records of an answer; None if it is not in a documented shape.

        Raises:
            errors.MalformedError: It tells an error.
        """
        if isinstance(body, dict):
            name = next((key for key in ("results", self.records_key) if key in body), None)
            errors.refuse(body, () if name else self.table.fields)
            if name:
                body = [] if body[name] is None else body[name]
            elif (self.may_be_object or not self.paged) and self._knows(body):
                return [body]
        if not isinstance(body, list):
            return None
        objects = [record for record in body if isinstance(record, dict)]
        return body if not objects or any(map(self._knows, objects)) else None

    def _knows(self, record: Record) -> bool:
        """Whether an object is a record of this stream, and not one that tells an error."""
        return self.table.knows(record) or bool(self.nested and self.nested.split(".")[0] in record)

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        parameters = dict(context or {})
        if self._left == 0 or (not parameters and (self.parents or self.chosen_by)):
            return
        progress = self.progress
        try:
            yield from self._ask(parameters)
            self._failures_in_a_row = 0
        except ONE_CONTEXT as error:
            self._failures_in_a_row += 1
            if not self._goes_on(error):
                raise
            self.failed.append((parameters, error))
        progress.pending.remove(parameters)
        progress.offset = 0

    def _goes_on(self, error: Exception) -> bool:
        """Whether the other contexts are asked for, though one failed.

        Not where the API says of the resource that it may not be read, or does not answer at all.
        """
        tap, in_a_row = self._tap, self._failures_in_a_row
        if len(self.contexts) == 1 or (
            isinstance(error, requests.ConnectionError) and not tap.answered
        ):
            return False
        if isinstance(error, errors.Unavailable):
            refused = not self.progress.asked and error.status in errors.REFUSED
            return not refused or (bool(self.parents) and in_a_row < REFUSALS)
        if isinstance(error, FatalAPIError):
            return in_a_row < 10 * FAILURES
        tap.failures += 1
        outage = tap.failures - in_a_row >= OUTAGE  # begun with the streams before
        return in_a_row < FAILURES and not outage

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
            if error.status not in self.unanswering or not context:
                raise
            progress.asked += 1
            progress.unanswered += 1
            return
        progress.asked += 1
        progress.rows += len(progress.seen)
        if self.undivided:
            self._chosen.update(progress.seen)
        if not (self.paged or self.nested) and (lost := self._arrived - len(progress.seen)) > 0:
            self.table.report["registro com a chave de outro, longe dele; vale o último"] += lost
        if self._unreadable:
            progress.doubts.append("há registros ilegíveis, guardados em rejected_rows")
        if self._reconciled(read):
            return
        if read.ended and self._found == read.total and not read.changed:
            # As many as announced all the time, and yet no page follows another: the endpoint sorts
            # by something that is not unique.
            self.table.report.count(
                "a ordem dos registros varia entre as páginas; a contagem confere"
            )
        elif read.total is None:
            progress.doubts.append(
                f"vieram {self._found} registros, mas não o fim: a API não diz quantos são, e suas "
                "páginas não seguem umas às outras"
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
        """Whether the read proves that all records came."""
        # What was deleted after it had come is too much.
        return self.dry_run or read.proves(self._found, exact=not self.resumable)

    @property
    def resumable(self) -> bool:
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
        for offset, page in self._tap.reader.pages(self, context, read, found):
            if not read.pages and not self._planned and context in self.contexts:
                later = self.contexts[self.contexts.index(context) + 1 :]
                self._tap.reader.plan((self, other) for other in later)
                self._planned = True
            read.pages += 1
            self._tell(read, page)
            yield from self._connect(context, offset, page, read)
            if self.resumable and page.paged:
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
        if offset and page.total is None and self._repeats(page, read):
            return read.see_again(page)
        waiting, fresh = [(offset, page)], False
        while waiting:
            offset, page = waiting[-1]
            follows = self._follows(offset, page, read, context)
            broken = fresh and not page.listed and (page.total or 0) > offset
            if follows or broken or not self.resumable or read.again >= read.patience:
                read.slipped |= not follows
                again = self._overlap(offset, page, read)
                brings = self._brings(page, again, context)
                equal = again if page.listed[again - 1 : again] == [read.last] else 0
                yield from islice(self._rows(page, equal), self._left)
                read.see(offset, page, brings=brings, continues=again > 0)
                waiting.pop()
                fresh = False
                continue
            if fresh:
                offset = max(min(offset - self.step(page), read.end - 1), 0)
            else:
                waiting.pop()
            waiting.append((offset, self._tap.reader.page(self, context, offset)))
            read.again += 1
            fresh = True

    def _overlap(self, offset: int, page: Page, read: Read) -> int:
        """Give how many records of a page came with the one before, by their places.

        None if the last of them is another record than the one that is known to stand there.
        """
        many = read.end - offset
        if not 0 < many <= len(page.listed):
            return 0
        return many if self._same(page.listed[many - 1], read.last) else 0

    def _same(self, record: Any, other: Any) -> bool:  # noqa: ANN401
        """Whether two records are one, perhaps changed meanwhile."""
        if record == other:
            return True
        return self.resumable and self._key(record) == self._key(other) is not None

    def _repeats(self, page: Page, read: Read) -> bool:
        """Whether a page is the first one again."""
        first, listed = read.first.listed if read.first else [], page.listed
        if not listed or len(listed) != len(first):
            return False
        return self._same(listed[0], first[0]) or self._same(listed[-1], first[-1])

    def _follows(self, offset: int, page: Page, read: Read, context: Record) -> bool:
        """Whether every row in front of a page came, if it was there all the time."""
        if offset == 0 or not page.paged or self.page_size == 1:
            return True
        if not page.listed:
            return page.total == read.total
        if self._overlap(offset, page, read):
            return True
        return self.resumable and self._came(page.listed[0], context)

    @property
    def unanswering(self) -> set[int]:
        """Status codes by which a context tells that it has no records."""
        none = {requests.codes.not_found}
        return none if self.parents else none | {requests.codes.no_content}

    def _brings(self, page: Page, again: int, context: Record) -> bool:
        """Whether a page has records that did not come before."""
        listed = page.listed[again:]
        if not self.resumable:
            return bool(listed)
        return not all(self._came(record, context) for record in listed)

    def _front_may_be_new(self, read: Read, *, continued: bool) -> bool:
        """Whether rows may have been created in front of where the read was by then."""
        if not self.resumable or self.dry_run or (read.pages == 1 and not continued):
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

    def spares(self, page: Page, context: Record) -> bool:
        """Whether a first page tells that nothing is left to read of a context."""
        if self.undivided and not context.keys() & self.choices.keys() and not self.dry_run:
            return self._all_chosen(page)
        return self.unchanged(page)

    def _all_chosen(self, page: Page) -> bool:
        """Whether the choices gave all that there is without them."""
        rows = self.progress.rows
        if page.total is not None and page.total < rows:
            names = " e ".join(self.choices)
            self.progress.doubts.append(f"a API não respeita o filtro {names}")
        return page.total == rows

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

    def _rows(self, page: Page, again: int = 0) -> Iterator[Record]:
        """Give the records of a page but for those that came with the page before."""
        for position, record in enumerate(islice(page.records, again, None)):
            if position % BESIDE == 0:
                self._forget_beside(but_last=again > 0 and position == 0)
            if isinstance(record, dict) and record.keys() == {BROKEN}:
                reason = without_persons(str(record[BROKEN]))
                self.progress.doubts.append(f"a API interrompeu a resposta: {reason}")
                continue
            self._arrived += 1
            if not isinstance(record, dict) or not self._knows(record):
                self._unreadable += 1
                hidden = self.privacy.unknown(record)
                reason = "não é um registro deste recurso"
                self._set_aside(("ilegível", self._unreadable), hidden, reason)
                continue
            if self.nested:
                yield from unnest(record, self.nested, self.table.nested)
            else:
                yield record
