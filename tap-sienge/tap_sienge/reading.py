"""Reading a context: its pages in order, and again where they do not reconcile."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import requests
from singer_sdk.exceptions import RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.decode import is_soiled, mended, text_of
from tap_sienge.http import decoded
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


@dataclass
class Read:
    """What reading a context showed."""

    total: int | None = None
    """Records that it has, None where nobody can say."""
    pages: int = 0
    moved: list[int] = field(default_factory=list)
    """Offsets of the pages that announced another number of records than the page before."""
    again: int = 0
    """Pages that were read once more."""

    def see(self, total: int | None, offset: int) -> None:
        """Take what a page announced."""
        if self.total not in {None, total}:
            self.moved.append(offset)
        self.total = total


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

    def fetch(self, context: Record, offset: int) -> Page:
        """Ask for one page; raises what ``answer`` raises."""
        return self.answer(self.prepare(context, offset), self._page)

    def _page(self, response: requests.Response) -> Page:
        """Read the answer's body in any of the API's shapes.

        Raises:
            RetriableAPIError: It is none of them.
        """
        body = decoded(response)
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
        if is_soiled(text_of(response.content)):
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
            if continued or (not self._reconciled(read) and read.pages > REREAD_PAGES):
                read = yield from self._mend(context, read)
            elif not self._reconciled(read):
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
        if not self._reconciled(read):
            moved = ", pois registros mudaram de página durante a leitura" if read.moved else ""
            progress.doubts.append(
                f"a API anunciou {read.total} registros e vieram {self._found}{moved}"
            )

    @property
    def _found(self) -> int:
        return self._arrived if self.nested else len(self.progress.seen)

    def _reconciled(self, read: Read) -> bool:
        """Whether as many records came as the API announced, and the same number all the time."""
        if self.dry_run or read.total is None:
            return True
        # Where pages were read once more, what was deleted after it had come is too much.
        enough = self._found >= read.total if read.again else self._found == read.total
        return enough and not read.moved

    @property
    def _resumable(self) -> bool:
        """Whether a read may go on within a context: not where equal rows are told by counting."""
        return self.content_key is None and not self.nested

    def _read(self, context: Record) -> Generator[Record, None, Read]:
        """Read a context from its first page, or from where an earlier run stopped, to its last."""
        progress, read = self.progress, Read()
        self._unreadable = 0
        mark, self.entry.rejected = self._before
        self._tap.rejects.forget(mark)
        if progress.offset:
            yield from self._connect(context, progress.offset, read)
        else:
            progress.seen, self._content_keys = DistinctKeys(), ContentKeys()
            self._arrived = 0
        if read.total is not None and progress.offset >= read.total:
            return read
        for page in self._tap.reader.pages(self, context, progress.offset):
            if not read.pages and not self._planned and context:
                later = self.contexts[self.contexts.index(context) + 1 :]
                self._tap.reader.plan((self, other) for other in later)
                self._planned = True
            read.pages += 1
            read.see(page.total, progress.offset)
            yield from islice(self._rows(page), self._left)
            if self._resumable and page.total is not None:
                progress.offset += page.size
        return read

    def _connect(self, context: Record, offset: int, read: Read) -> Iterator[Record]:
        """Read backwards from a page until one starts with a row that came before.

        Rows that moved towards the front because others were deleted are among these.
        """
        known = False
        while offset > 0 and not known and read.again < REREAD_PAGES:
            offset = max(offset - self.page_size, 0)
            _, known = yield from self._once_more(context, offset, read)

    def _mend(self, context: Record, read: Read) -> Generator[Record, None, Read]:
        """Look where rows may have slipped between pages: where the count changed, and in front."""
        if not self._resumable:
            return read
        look = Read(total=read.total)
        for offset in read.moved:
            yield from self._connect(context, offset, look)
        offset, new = 0, 1
        while new and look.again < REREAD_PAGES:
            new, _ = yield from self._once_more(context, offset, look)
            offset += self.page_size
        if new:
            look.moved.append(offset)
        return look

    def _once_more(
        self, context: Record, offset: int, read: Read
    ) -> Generator[Record, None, tuple[int, bool]]:
        """Read one page and tell how many of its rows are new, and whether the first one is not."""
        seen = self.progress.seen
        before = len(seen)
        page = self._tap.reader.page(self, context, offset)
        read.again += 1
        read.see(page.total, offset)
        rows = self._rows(page)
        yield from islice(rows, 1)
        known = len(seen) == before
        yield from rows
        return len(seen) - before, known

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

    def _rows(self, page: Page) -> Iterator[Record]:
        for position, record in enumerate(page.records):
            if position % BESIDE == 0:
                self._beside.clear()
                self._again.clear()
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
