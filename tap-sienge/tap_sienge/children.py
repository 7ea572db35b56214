"""Streams that the API gives only one by one, for each row of another."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_sienge.keys import digest
from tap_sienge.partitions import of_row
from tap_sienge.progress import FINGERPRINT
from tap_sienge.state import pack
from tap_sienge.stream import SiengeStream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from singer_sdk import Tap

    from tap_sienge.collection import SiengeCollection
    from tap_sienge.run import Run
    from tap_sienge.run_log import Status
    from tap_sienge.values import Record

MONTH = 30
"""Days between two full reads, in which every parent has its request, to see deletions."""

TRIES = 3
"""Parents of a kind without a child, after which no request is made for others of the kind."""


class SiengeChildStream(SiengeStream):
    """What the API gives only one by one, for each row of a parent; off unless selected.

    A request is made only for parents' rows that are new or changed since the last one, and once a
    day as long as the child may change without its parent: the state holds six bytes for each.
    Every month a full read makes one for each.
    """

    selected_by_default = False
    follows_changes: ClassVar[bool] = True
    """Whether it changes only with its parent's row."""
    final_parent: ClassVar[Mapping[str, Collection[Any]]] = {}
    """Column of the parent's row → values with which it no longer changes without its parent."""
    final_row: ClassVar[Mapping[str, Collection[Any]]] = {}
    """The same, of the stream's own rows."""

    def __init__(self, tap: Tap, run: Run) -> None:
        """Take the SDK's tap, and what the stream shares with the others."""
        super().__init__(tap, run)
        self._row_digests: defaultdict[tuple[Any, ...], set[bytes]] = defaultdict(set)
        """What the parents' rows of each context hold."""
        self._fingerprints: dict[tuple[Any, ...], bytes] = {}
        """A fingerprint of all of it."""
        self._done: set[bytes] = set()
        """Fingerprints of the contexts that were read."""
        self._done_keys: set[tuple[Any, ...]] = set()
        """The contexts that were read."""
        self._open: dict[tuple[Any, ...], Record] = {}
        """Contexts whose rows may change without their parent's, by what the rows tell."""

    @override
    def joins_round(self) -> bool:
        known = self.state.ended_at and not self.state.resume.get("full")
        return bool(self.follows_changes and known)

    @override
    def needs_every_parent(self) -> bool:
        needed = self.progress.full or not self.state.complete
        return needed and super().needs_every_parent()

    @classmethod
    @override
    def tells_changes(cls) -> bool:
        return cls.follows_changes

    @classmethod
    @override
    def usual_days(cls) -> int:
        return MONTH if cls.follows_changes else 0

    @override
    def _is_due(self) -> bool:
        begun = self.follows_changes and self.state.parent_fingerprints
        return super()._is_due() and not (begun and not self.state.full_read_at)

    # What earlier runs read

    @cached_property
    def _known(self) -> set[bytes]:
        """Fingerprints of the parents' rows whose children were read in earlier runs."""
        if not self.follows_changes or (self.progress.full and not self.progress.continued):
            return set()
        try:
            return set(_split(b64decode(self.state.parent_fingerprints, validate=True)))
        except ValueError:  # damaged: they are read once more
            return set()

    @cached_property
    def _left_open(self) -> dict[tuple[Any, ...], Record]:
        """Contexts whose rows might change without their parent's when last read."""
        contexts = self.kept_contexts(self.state.open_contexts)
        return {tuple(context.values()): context for context in contexts}

    def _has_all_parents(self) -> bool:
        """Whether a parent's row that did not come does not exist."""
        return all(p.entry.status == "ok" and not p.is_partial() for p in self.read_parents)

    # Contexts

    @override
    def offer(self, parent: SiengeCollection, row: Record) -> None:
        for context in self._contexts_of(parent, row):
            key = tuple(context.values())
            self._parent_rows.contexts[key] = context
            content = [key] if self.depends_on_key_alone else [key, row]
            self._row_digests[key].add(digest(content, self.run.privacy.key))
            if is_open(row, self.final_parent):
                self._open[key] = context

    @override
    def plan(self) -> list[Record]:
        self._fingerprints = {
            key: digest(sorted(found.hex() for found in rows))[:FINGERPRINT]
            for key, rows in self._row_digests.items()
        }
        fingerprints = _split(self.progress.parent_fingerprints)
        for context, fingerprint in zip(self.progress.pending, fingerprints, strict=False):
            self._fingerprints.setdefault(tuple(context.values()), fingerprint)
        rows = self._parent_rows
        offered, rows.contexts = rows.contexts, {}
        asked_today = self.state.open_at == self.run.today.isoformat()
        due = {} if asked_today or self.run.is_round else self._left_open | self._open
        if not (self.progress.full or self._has_all_parents()):
            rows.contexts |= due
        for key, context in offered.items():
            if self._fingerprints[key] not in self._known or key in due:
                rows.contexts[key] = context
        return super().plan()

    @override
    def read_context(self, context: Record) -> Iterator[Record]:
        key = tuple(context.values())
        progress = self.progress
        unanswered, doubts = progress.contexts_unanswered, len(progress.doubts)
        for row in super().read_context(context):
            if is_open(row, self.final_row):
                self._open[key] = context
            yield row
        if self._failed.unconfirmed:  # it is read again in the next run, unless another is answered
            return
        if len(progress.doubts) == doubts:  # else it is read again in the next run
            self._note_done(context, exists=progress.contexts_unanswered == unanswered)

    @override
    def _note_resource_exists(self) -> None:
        for context in self._failed.unconfirmed:
            self._note_done(context, exists=False)
        super()._note_resource_exists()

    def _note_done(self, context: Record, *, exists: bool = True) -> None:
        key = tuple(context.values())
        self._done_keys.add(key)
        if not exists:
            self._left_open.pop(key, None)
            self._open.pop(key, None)
        if key in self._fingerprints:
            self._done.add(self._fingerprints[key])

    # What the next run is to know

    @override
    def _end(self, status: Status, error: str | None = None) -> None:
        self._put_failed_last()
        state, progress = self.state, self.progress
        now_there = set(self._fingerprints.values())
        unchanged = self._known & now_there if self._has_all_parents() else self._known
        read = self._done | unchanged - {bytes(FINGERPRINT)}
        state.parent_fingerprints = b64encode(b"".join(sorted(read))).decode()
        if self.final_parent or self.final_row:
            state.open_contexts = pack(self._still_open(), self.run.privacy)
            if not self.run.is_round:
                state.open_at = self.run.today.isoformat()
        # Contexts that failed are known by themselves, without all of the parents.
        only_failed = bool(self._failed) and not (progress.pending or progress.doubts)
        state.complete = (
            (status == "ok" or only_failed)
            and all(parent.entry.status == "ok" for parent in self.read_parents)
            and (state.complete or not self.run.is_round)
        )
        if status in {"ok", "incomplete"} and (progress.full or not state.full_read_at):
            state.full_read_at = progress.started
        progress.parent_fingerprints = b"".join(
            self._fingerprints.get(tuple(context.values()), bytes(FINGERPRINT))
            for context in progress.pending
        )
        super()._end(status, error)

    def _still_open(self) -> list[Record]:
        """Give the contexts to be read again tomorrow."""
        return [
            context
            for key, context in (self._left_open | self._open).items()
            if key not in self._done_keys
            or key in self._open
            or (self.final_parent and key not in self._row_digests)
        ]


class SparingChildStream(SiengeChildStream):
    """A child that parents of some kinds do not have.

    For a kind whose first parents have none (404), no further requests are made.
    """

    kind_column: ClassVar[str]
    """Column of the parent that tells its kind."""

    def __init__(self, tap: Tap, run: Run) -> None:
        """Take the SDK's tap, and what the stream shares with the others."""
        super().__init__(tap, run)
        self._kinds: dict[tuple[Any, ...], Any] = {}
        self._kinds_with: set[Any] = set()
        """Kinds of which a child came."""
        self._kinds_without: Counter[Any] = Counter()
        """Kinds of which so many parents had none, before any came."""
        self._skipped: Counter[Any] = Counter()
        """Contexts that were not read, by kind."""

    @override
    def offer(self, parent: SiengeCollection, row: Record) -> None:
        super().offer(parent, row)
        for context in of_row(row, self.parents()[type(parent)]):
            self._kinds[tuple(context.values())] = row[self.kind_column]

    @override
    def wants(self, context: Record) -> bool:
        kind = self._kinds.get(tuple(context.values()))
        return kind is not None and self._kinds_without[kind] < TRIES

    @override
    def read_context(self, context: Record) -> Iterator[Record]:
        kind = self._kinds.get(tuple(context.values()))
        if not self.wants(context):
            self._skipped[kind] += 1
            self.run.prefetcher.forget(self, context)
            if self._failed.unconfirmed:
                self._failed.unconfirmed.append(context)
            else:
                self._note_done(context)
            return
        unanswered = self.progress.contexts_unanswered
        yield from super().read_context(context)
        if self.progress.contexts_unanswered == unanswered:
            self._kinds_with.add(kind)
        elif kind not in self._kinds_with:
            self._kinds_without[kind] += 1

    @override
    def _end(self, status: Status, error: str | None = None) -> None:
        for kind, times in self._skipped.items():
            if kind is not None:
                self.entry.warnings.append(
                    f"{times} consultas não feitas: as primeiras com {self.kind_column} {kind} não "
                    "tinham resposta (404)"
                )
        super()._end(status, error)


def is_open(row: Record, final: Mapping[str, Collection[Any]]) -> bool:
    """Whether a row has in a column another value than those with which it is final."""
    return any(row.get(column) not in values for column, values in final.items())


def _split(fingerprints: bytes) -> list[bytes]:
    places = range(0, len(fingerprints), FINGERPRINT)
    return [fingerprints[place : place + FINGERPRINT] for place in places]
