"""The pages of a context, by themselves: what no server should be asked in a test of seconds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tap_sienge import pagination
from tap_sienge.ledger import Ledger
from tap_sienge.limits import RateLimiter
from tap_sienge.pages import Page, ReadTally
from tap_sienge.pagination import Paginator
from tap_sienge.prefetch import PagePrefetcher
from tap_sienge.privacy import Privacy
from tap_sienge.progress import Progress
from tap_sienge.records import RecordProcessor
from tap_sienge.rejected import Rejects
from tap_sienge.row_schema import RowSchema, load_schema

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tap_sienge.values import Record

SIZE = 5


class Endless:
    """A bare array that goes on for ever: each page brings new records."""

    name = "property_types"
    logger = logging.getLogger(name)
    row_schema = RowSchema(load_schema(name))

    def __init__(self, ledger: Ledger) -> None:
        self.limiter = RateLimiter(ledger, "rest", 1_000_000)
        self.requests = 0

    def fetch(self, context: Record, offset: int) -> Page:  # noqa: ARG002
        """Give a page of new records."""
        self.requests += 1
        records: list[Any] = [{"id": offset + place} for place in range(SIZE)]
        return Page.of(records, {}, offset, SIZE, paged=True)

    def wants(self, context: Record) -> bool:  # noqa: ARG002
        """Want everything."""
        return True

    def conclude_first_page(self, page: Page, context: Record) -> bool:  # noqa: ARG002
        """Conclude nothing."""
        return False

    def note_page(self, page: Page, context: Record, tally: ReadTally) -> None:
        """Take no note."""


def test_pages_that_never_end_are_left_and_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pagination, "MOST_PAGES", 100)
    source = Endless(Ledger(tmp_path / "ledger", "construtora"))
    progress = Progress(full=True, since=None, started="2026-01-01", version=1, pending=[{}])
    records = RecordProcessor(
        source.name,
        source.row_schema,
        Privacy({}),
        Rejects(),
        primary_keys=["id"],
        seen=progress.seen,
        doubts=progress.doubts,
    )
    prefetcher = PagePrefetcher(2)
    try:
        paginator = Paginator(source, prefetcher, records, progress, resumable=True)
        read = paginator.read({})
        rows = []
        try:
            while True:
                rows.append(next(read)["id"])
        except StopIteration as end:
            tally = end.value
    finally:
        prefetcher.close()
    assert 100 <= source.requests <= 200
    assert rows[:400] == [*range(400)], "what came lands"
    assert not paginator.is_proven(tally)
    paginator.note_doubts(tally)
    assert "mas não o fim" in progress.doubts[0]
