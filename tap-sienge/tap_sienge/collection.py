"""What a stream is made of, and what of its collection is to be read.

What its class declares is in ``declaration``, one run of it in ``stream``. Facts: FACTS.md.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from tap_sienge.client import SiengeClient
from tap_sienge.declaration import Declaration
from tap_sienge.extractor import RecordExtractor
from tap_sienge.failures import FailedContexts
from tap_sienge.given import refuse_others
from tap_sienge.pagination import Paginator
from tap_sienge.partitions import (
    PATH,
    ParentRows,
    asked_last,
    chosen,
    combined,
    joined,
    merged,
    setting_values,
)
from tap_sienge.progress import Progress, interrupted
from tap_sienge.records import RecordProcessor
from tap_sienge.replication import Replication, fingerprint
from tap_sienge.run_log import Entry, ProgressLog
from tap_sienge.state import INTERRUPTED, StreamState, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests
    from singer_sdk import Tap
    from typing_extensions import Self

    from tap_sienge.limits import RateLimiter
    from tap_sienge.pages import Page, ReadTally
    from tap_sienge.row_schema import RowSchema
    from tap_sienge.run import Run
    from tap_sienge.values import Record


RETRIES = 2
"""Times at most that a context is read again whose answer came whole and yet turned out broken."""


class SiengeCollection(Declaration):
    """A collection of the API: its parts, its contexts and its pages."""

    client_class: ClassVar[type[SiengeClient]] = SiengeClient

    def __init__(self, tap: Tap, run: Run) -> None:
        """Take the SDK's tap, and what the stream shares with the others."""
        super().__init__(tap, schema=self.compile_schema().schema)
        if self.modified_filter:
            self.forced_replication_method = "INCREMENTAL"
        self.run = run
        self.client = self.client_class(run, self.name, self.api(), self.logger)
        self.entry = Entry("", self.name, "")
        self.read_parents: list[Self] = []
        """The streams by whose rows this one is read, if this run reads them."""
        self.followers: list[Self] = []
        """The selected streams that are read by this one's rows."""
        self.contexts: list[Record] = []
        """What is read in this run, once ``plan`` has told."""
        self.unchanged = False
        """Whether the first page of a watched stream told that nothing changed."""
        self._failed = FailedContexts(run, streamed=self.client.streamed)
        self._parent_rows = ParentRows(self.one_of)
        self._contexts_asked = 0
        self._rows_before = 0
        self._announced = False
        self._progress_log = ProgressLog(run.run_log, self.name, self.logger)

    # What the stream is made of

    @cached_property
    def row_schema(self) -> RowSchema:
        """How records become rows; kept only where some are read, as most streams are not."""
        return self.compile_schema()

    @cached_property
    def state(self) -> StreamState:
        """What is remembered of earlier runs; ``dump`` puts it into the Singer state."""
        return StreamState.load(self.stream_state)

    @cached_property
    def replication(self) -> Replication:
        """How often everything is read, and what between."""
        incremental = self.replication_method == "INCREMENTAL"
        return Replication.of(type(self), self.config, self.run.today, incremental=incremental)

    @cached_property
    def progress(self) -> Progress:
        """The read that this run begins or goes on with."""
        needed = any(follower.needs_every_parent() for follower in self.followers)
        everything = self.dry_run or needed or self._is_due()
        left = None if self.dry_run else self._interrupted()
        return self.replication.plan(self.state, left, self._initialized_at, everything=everything)

    @cached_property
    def records(self) -> RecordProcessor:
        """What makes rows of records."""
        return RecordProcessor(
            self.name,
            self.row_schema,
            self.run.privacy,
            self.run.rejects,
            primary_keys=self.primary_keys,
            content_key=self.content_key,
            nested=self.nested,
            optional_choices=self.choices if self.undivided else (),
            seen=self.progress.seen,
            doubts=self.progress.doubts,
        )

    @cached_property
    def paginator(self) -> Paginator:
        """What reads the pages of a context."""
        retries = min(RETRIES, self.config["max_retries"]) if self.client.streamed else 0
        return Paginator(
            self,
            self.run.prefetcher,
            self.records,
            self.progress,
            resumable=self.resumable(),
            overlapping=self.page_size > 1,
            limit=self.ABORT_AT_RECORD_COUNT,
            retries=retries,
            expected=0 if self.nested else self.state.rows,
        )

    @cached_property
    def _extractors(self) -> list[RecordExtractor]:
        """What reads the answers to contexts without pages, and to those with them."""
        return [RecordExtractor(self, self.row_schema, self.page_size, p) for p in (False, True)]

    @property
    def limiter(self) -> RateLimiter:
        """The limiter that counts this stream's requests."""
        return self.client.limiter

    # What is to be read

    def heed_settings(self) -> None:
        """Read everything anew if a setting that decides on old rows changed, or after damage."""
        settings = {"personal_data": self.run.privacy.fingerprint}
        if self.period:
            settings["start_date"] = self.replication.start.isoformat()
        if names := " e ".join(self.state.heed(settings)):
            self.logger.info("%s: tudo é lido de novo, pois %s mudou.", self.name, names)
        elif self.state.heed_damage(self.run.privacy, self.path):
            self.logger.warning("%s: o estado está danificado; tudo é lido de novo.", self.name)
        self.state.dump(self.stream_state)

    def _is_due(self) -> bool:
        """Whether it is time for a full read."""
        return self.replication.is_due(self.state)

    def _interrupted(self) -> Progress | None:
        try:
            return interrupted(self.state, self.run.privacy, self.path, self.run.today)
        except ValueError as error:
            self.logger.warning("%s", INTERRUPTED.format(self.name, error))
            return None

    def is_idle(self) -> bool:
        """Whether there is nothing to read before the next full read."""
        progress = self.progress
        return not (progress.full or progress.continued or self.tells_changes() or self.watched)

    def joins_round(self) -> bool:
        """Whether the API can tell what changed since the stream was read whole."""
        known = self.state.full_read_at and not self.state.resume.get("full")
        return bool(self.fits_rounds() and known and self.replication.changed_since(self.state))

    def needs_every_parent(self) -> bool:
        """Whether the parents must be read whole, however little of them changed."""
        return not self.is_idle() and not self.progress.has_all_parents

    def is_partial(self) -> bool:
        """Whether not all of the rows come in this run."""
        return not self.progress.full or self.progress.continued or self.unchanged

    def wants(self, context: Record) -> bool:  # noqa: ARG002
        """Whether a context that was planned is still to be read."""
        return True

    # Contexts

    def offer(self, parent: SiengeCollection, row: Record) -> None:
        """Take the contexts that a parent's row stands for."""
        for context in self._contexts_of(parent, row):
            self._parent_rows.contexts.setdefault(tuple(context.values()), context)

    def _contexts_of(self, parent: SiengeCollection, row: Record) -> Iterator[Record]:
        keys = self.parents()[type(parent)]
        primary_keys = () if parent.nested else parent.primary_keys  # a list may be empty
        contexts = self._parent_rows.contexts_of(parent.name, row, keys, primary_keys)
        return (one for one in contexts if self.run.only.owns(self, one))

    def owners(self) -> list[Record]:
        """Give what the parents' rows of this run stand for."""
        rows = self._parent_rows
        return joined([*rows.contexts.values()], self.together) if self.parents() else [{}]

    def windows(self, since: date | None) -> list[Record]:
        """Give the periods to read: all, or what may have changed since a day."""
        return [{}] if self.run.only else self.replication.windows(since, dry_run=self.dry_run)

    def plan(self) -> list[Record]:
        """Give everything to read, in order; for a child only once its parents were read.

        A read that goes on reads what was left, and what its parents have brought since. What
        failed before is read again.
        """
        progress = self.progress
        if progress.continued and (progress.has_all_parents or not self.parents()):
            return list(progress.pending)
        since = date.fromisoformat(progress.since) if progress.since else None
        windows = self.windows(since)
        windows += self.replication.changed_windows(self.state, since, self.changes)
        choices = {**self.choices, **setting_values(self.config, self.chosen_by)}
        contexts = self.run.only.contexts(self)
        if self.parents() or not self.run.only:
            contexts += combined(self.owners(), windows, chosen(choices, undivided=self.undivided))
        if (self.parents() or not progress.full) and not self.run.is_round:
            contexts = asked_last(contexts, self.kept_contexts(self.state.unread_contexts))
        return merged(progress.pending, contexts)

    def kept_contexts(self, packed: str) -> list[Record]:
        """Give contexts that the state holds."""
        return unpack(packed, self.run.privacy) if packed and not self.dry_run else []

    def personal_parameters(self) -> list[str]:
        """Give the parameters of its contexts that are personal data of its parents."""
        links = [(p.row_schema, self.parents()[type(p)]) for p in self.read_parents]
        return [name for schema, link in links for name in schema.personal_parameters(link)]

    def unanswered(self) -> list[tuple[Record, str]]:
        """Give the contexts that failed, each with the reason."""
        return self._failed.explained()

    # Pages

    def fetch(self, context: Record, offset: int) -> Page:
        """Fetch one page; raises what ``SiengeClient.send`` raises."""
        request = self.request(context, offset)
        extractor = self._extractors[self.has_pages(context)]
        page = self.client.send(request, lambda response: extractor.page(response, offset))
        if self.run.only:
            refuse_others(self, context, page.listed)
        return page

    def request(self, context: Record, offset: int, **more: str) -> requests.PreparedRequest:
        """Build the request for a page of a context, with ``more`` parameters."""
        params = self.parameters(context, self.run.today, self.progress.since)
        if self.has_pages(context) or offset:
            params |= {"limit": self.page_size, "offset": offset}
        return self.client.prepare(context.get(PATH, self.path), context, params | more)

    def conclude_first_page(self, page: Page, context: Record) -> bool:
        """Give whether a first page tells that nothing of its context need be read; note why."""
        progress = self.progress
        if self.run.only or self.dry_run:
            return False
        if self.undivided and not context.keys() & self.choices.keys():
            if page.total is not None and page.total < progress.rows:
                progress.doubts.append(f"a API não respeita o filtro {' e '.join(self.choices)}")
            return page.total == progress.rows
        if not self.watched or progress.offset:
            return False
        progress.first_page = fingerprint(page, self.run.privacy.key)
        self.unchanged = progress.first_page == self.state.first_page and not progress.full
        progress.full = not self.unchanged
        self.entry.extent = "full" if progress.full else "none"
        return self.unchanged

    def note_page(self, page: Page, context: Record, tally: ReadTally) -> None:
        """Announce the other contexts after the first page, and say how far the read is."""
        if not self._announced and context in self.contexts:
            self._announced = True
            listed = self.run.only.is_listed(self)  # in which the others may come
            others = [] if listed else self.contexts[self.contexts.index(context) + 1 :]
            self.run.prefetcher.announce((self, other) for other in others)
        rows = self.progress.rows + len(self.records.seen)
        if (contexts := len(self.contexts)) > 1:
            self._progress_log.tell("context", self._contexts_asked, contexts, rows)
        else:
            pages = -(-((page.total or 0) - 1) // page.step)
            self._progress_log.tell("page", tally.pages, pages, rows)
