"""The pages of a collection, and what proves that none is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tap_sienge.values import whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_sienge.values import Record

REREAD_PAGES = 50
"""Pages that may be read once more where a read does not reconcile."""

TWICE = "registros sem chave podem ter sido gravados duas vezes, pois mudaram de página"
"""What is doubtful where pages were read once more: rows without a key look like new ones."""

USUAL_LIMIT = 50
"""Limits of pages that servers set unannounced are multiples of it (50, 100 and 200 were seen)."""


class Page(NamedTuple):
    """One answer of the API."""

    records: Iterable[Record]
    total: int | None = None
    """Records in the whole collection, None where the API does not say, or contradicts itself."""
    size: int = 1
    """Records that a page holds, by this one."""
    requested: int = 1
    """Records that were requested at most."""
    paged: bool = False
    """Whether there may be further pages."""
    limit: int = 0
    """Records that it holds at most, as its ``resultSetMetadata`` says; 0 where it does not."""

    @classmethod
    def of(
        cls, records: list[Record], told: Record, offset: int, requested: int, *, paged: bool
    ) -> Page:
        """Make sense of a page at ``offset`` and of its ``resultSetMetadata``, which may be wrong.

        A count lower than what came is ignored. A page that is shorter than it should be shows the
        limit that the server keeps without saying so.
        """
        count, limit, came = whole(told.get("count")), whole(told.get("limit")), len(records)
        if count is not None and came and count < offset + came:
            count = None
        size = min(requested, limit) if limit else requested
        if came and (count is None or offset + came < count or came > size):
            size = came
        return cls(records, count, size, requested, paged or (count or 0) > came, limit or 0)

    @property
    def step(self) -> int:
        """How far the next page starts behind this one: at its last record.

        By the record that they have in common a read tells that no row slipped between them;
        ``count`` does not, where as many were created as deleted.
        """
        return max(self.size - 1, 1)

    @property
    def may_be_cut(self) -> bool:
        """Whether it is just as long as a limit is, which the server may keep unannounced."""
        many = len(self.listed)
        return many > 0 and (many in {self.requested, self.limit} or many % USUAL_LIMIT == 0)

    @property
    def listed(self) -> list[Record]:
        """The records, if they are held in memory."""
        return self.records if isinstance(self.records, list) else []


@dataclass
class ReadTally:
    """What reading a context showed, and so whether anything may be missing.

    The one place that says what proves a read (``proves``); only then may rows that did not come
    count as deleted.
    """

    expected: int = 0
    """Records that came when it was last read."""
    total: int | None = None
    """Records that it has by the answers; None where they do not say, or contradict themselves."""
    pages: int = 0
    changed: bool = False
    """Whether not all pages announced the same number of records."""
    slipped: bool = False
    """Whether a page does not follow the one before: rows may have slipped between them."""
    again: int = 0
    """Pages that were read once more."""
    longest: int = 0
    """Records of the longest page: a limit that cut a later one would have cut it, too."""
    first: tuple[int, object, object] | None = None
    """How many records the first page had, and with which it began and ended."""
    last: object = None
    """The record with which the last page ended."""
    end: int = 0
    """The position behind the last record."""
    ended: bool = False
    """Whether the end was seen."""
    stuck: bool = False
    """Whether the end was not seen, and yet the last page brought nothing new."""
    cut: bool = False
    """Whether all came at once, whatever was requested, and just as many as a limit may allow."""

    @property
    def patience(self) -> int:
        """Pages that may be read once more where one does not follow the one before."""
        return min(2 + 2 * self.pages, REREAD_PAGES)

    def see(self, offset: int, page: Page, *, brings: bool, continues: bool) -> None:
        """Take a page: whether it ``brings`` new records, and ``continues`` the one before.

        The end was seen if all announced records lie before it, or else if a page that goes on
        from the one before brings nothing new. Not so where a limit that nobody announced may have
        cut the page, be its number of records announced as all or come again: where it is just
        such a limit, or fewer than when all was last read. One page more then tells.
        """
        many = len(page.listed)
        if self.first is None:
            ends = (page.listed[0], page.listed[-1]) if many else (None, None)
            self.first = (many, *ends)
        self.changed |= self.pages > 1 and self.total != page.total
        self.total = page.total
        if not page.paged:
            self.ended = True
        elif self.total is not None:
            cut = page.may_be_cut and many >= self.longest
            fewer = brings and offset + many < self.expected
            self.ended = offset + many >= self.total and not (cut or fewer)
        else:
            self.ended = not brings and (continues or not many)
        self.stuck = not brings and not self.ended
        self.longest = max(self.longest, many)
        self.last = page.listed[-1] if many else None
        self.end = offset + many if many else self.end

    def see_again(self, page: Page) -> None:
        """Take the first page once more: the path gives all at once, whatever ``offset`` says."""
        self.cut = page.may_be_cut
        self.ended, self.stuck = not self.cut, self.cut

    def proves(self, found: int, *, exact: bool) -> bool:
        """Whether all records came.

        That is where the end was seen, each page followed the one before, and at least as many
        different records came as the answers announced: ``exact`` where it must not be more.
        """
        if not self.ended or self.slipped:
            return False
        if self.total is None:
            return True
        return found == self.total if exact else found >= self.total

    def is_only_reordered(self, found: int) -> bool:
        """Whether as many came as announced all the time, and yet no page follows another.

        Then the endpoint sorts by something that is not unique.
        """
        return self.ended and found == self.total and not self.changed

    def doubt(self, found: int) -> str:
        """Say why not all records may have come."""
        if self.cut:
            return (
                f"a API dá os registros de uma só vez e não diz quantos são: vieram {found}, "
                "número em que ela pode ter cortado a resposta"
            )
        if self.total is None:
            return (
                f"vieram {found} registros, mas não o fim: a API não diz quantos são, e suas "
                "páginas não seguem umas às outras"
            )
        moved = ", pois registros mudaram de página durante a leitura" if self.slipped else ""
        return f"a API anunciou {self.total} registros e vieram {found}{moved}"
