"""Resources that the API gives only one by one, for each row of another."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_sienge.client import SiengeStream
from tap_sienge.keys import digest
from tap_sienge.progress import pack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from singer_sdk import Tap
    from singer_sdk.helpers.types import Context

    from tap_sienge.questions import SiengeQuestions
    from tap_sienge.run import Run
    from tap_sienge.run_log import Status
    from tap_sienge.values import Record

PRINT = 6
"""Bytes of the fingerprint of a parent's row."""

MONTH = 30
"""Days between two times that every parent is asked for, to see which children vanished."""

TRIES = 3
"""Parents of a kind without a child, after which a child stream asks for no more of the kind."""


class SiengeChildStream(SiengeStream):
    """What the API gives only one by one, for each row of a parent; off unless selected.

    Asked for only where the parent's row is new or changed since it was last asked for, and once a
    day as long as it may change without its parent: the state holds six bytes for each. Every month
    all of them are.
    """

    selected_by_default = False
    follows_changes: ClassVar[bool] = True
    """Whether it changes only with its parent's row."""
    depends_on_key_alone: ClassVar[bool] = False
    """Whether what else the parent's row holds does not matter, as with a code that many share."""
    final_parent: ClassVar[Mapping[str, Collection[Any]]] = {}
    """Column of the parent's row → values with which it no longer changes without its parent."""
    final_row: ClassVar[Mapping[str, Collection[Any]]] = {}
    """The same, of the stream's own rows."""
    kind_column: ClassVar[str | None] = None
    """Column of the parent that tells whether there is a child: of a value for which the first
    parents have none, no further ones are asked for.
    """

    def __init__(self, tap: Tap, run: Run) -> None:
        """Start with nothing offered."""
        super().__init__(tap, run)
        self._digests: defaultdict[tuple[Any, ...], set[bytes]] = defaultdict(set)
        self._prints: dict[tuple[Any, ...], bytes] = {}
        self._done: set[bytes] = set()
        self._open: dict[tuple[Any, ...], Record] = {}
        """Contexts whose children may change without their parent, by what the rows tell."""
        self._tried: set[tuple[Any, ...]] = set()
        self._kinds: dict[tuple[Any, ...], Any] = {}
        self._fertile: set[Any] = set()
        self._barren: Counter[Any] = Counter()
        self._spared: Counter[Any] = Counter()

    @property
    @override
    def asks_every_parent(self) -> bool:
        needed = self.progress.full or not self.stream_state.get("complete")
        return needed and super().asks_every_parent

    @property
    @override
    def tells_changes(self) -> bool:
        return self.follows_changes

    @classmethod
    @override
    def usual_days(cls) -> int:
        return MONTH if cls.follows_changes else 0

    @property
    @override
    def _due(self) -> bool:
        begun = self.follows_changes and self.stream_state.get("asked")
        return super()._due and not (begun and "full_read_at" not in self.stream_state)

    @cached_property
    def _known(self) -> set[bytes]:
        """Fingerprints of the parents' rows that were asked for in earlier runs."""
        if not self.follows_changes or (self.progress.full and not self.progress.continued):
            return set()
        try:
            return set(_split(b64decode(self.stream_state.get("asked", ""), validate=True)))
        except ValueError:  # damaged: they are asked for once more
            return set()

    @cached_property
    def _left_open(self) -> dict[tuple[Any, ...], Record]:
        """Contexts whose children might change without their parent when last asked for."""
        return {tuple(context.values()): context for context in self.kept_contexts("open")}

    @property
    def _parents_whole(self) -> bool:
        """Whether a parent that did not come does not exist."""
        return all(p.entry.status == "ok" and not p.partial for p in self.read_parents)

    @property
    def _asked_today(self) -> bool:
        """Whether the open ones were asked for today."""
        return bool(self.stream_state.get("open_at") == self.run.today.isoformat())

    @override
    def offer(self, parent: SiengeQuestions, row: Record) -> None:
        for context in self._of_row(parent, row):
            key = tuple(context.values())
            self._offered[key] = context
            content = [key] if self.depends_on_key_alone else [key, row]
            self._digests[key].add(digest(content, self.privacy.key))
            if self.kind_column:
                self._kinds[key] = row[self.kind_column]
            if is_open(row, self.final_parent):
                self._open[key] = context

    @override
    def post_process(self, row: Record, context: Context | None = None) -> Record | None:
        converted = super().post_process(row, context)
        if converted and is_open(converted, self.final_row):
            asked = dict(context or {})
            self._open[tuple(asked.values())] = asked
        return converted

    @cached_property
    @override
    def contexts(self) -> list[Record]:
        self._prints = {
            key: digest(sorted(found.hex() for found in rows))[:PRINT]
            for key, rows in self._digests.items()
        }
        kept = zip(self.progress.pending, _split(self.progress.prints), strict=True)
        for context, fingerprint in kept:
            self._prints.setdefault(tuple(context.values()), fingerprint)
        offered, self._offered = self._offered, {}
        due = {} if self._asked_today else self._left_open | self._open
        if not (self.progress.full or self._parents_whole):
            self._offered |= due
        for key, context in offered.items():
            if self._prints[key] not in self._known or key in due:
                self._offered[key] = context
        return super().contexts

    @override
    def wants(self, context: Record) -> bool:
        kind = self._kinds.get(tuple(context.values()))
        return not self.kind_column or (kind is not None and self._barren[kind] < TRIES)

    @override
    def _ask(self, context: Record) -> Iterator[Record]:
        key = tuple(context.values())
        if self.wants(context):
            unanswered, doubts = self.progress.unanswered, len(self.progress.doubts)
            yield from super()._ask(context)
            kind = self._kinds.get(key)
            if self.progress.unanswered == unanswered:
                self._fertile.add(kind)
            else:
                self._left_open.pop(key, None)
                self._open.pop(key, None)
                self._barren[kind] += kind not in self._fertile
            if len(self.progress.doubts) > doubts:
                return  # to be asked for again in the next run
        else:
            self._spared[self._kinds[key]] += 1
            self.run.prefetcher.forget(self, context)
        self._tried.add(key)
        if key in self._prints:
            self._done.add(self._prints[key])

    @override
    def _end(self, status: Status, error: str | None = None) -> None:
        self._put_failed_last()
        now_there = set(self._prints.values())
        unchanged = self._known & now_there if self._parents_whole else self._known
        asked = self._done | unchanged - {bytes(PRINT)}
        self.stream_state["asked"] = b64encode(b"".join(sorted(asked))).decode()
        if self.final_parent or self.final_row:
            self._keep_open()
        # Contexts that failed are known by themselves, without all of the parents.
        only_failed = bool(self.failed) and not (self.progress.pending or self.progress.doubts)
        self.stream_state["complete"] = (status == "ok" or only_failed) and all(
            parent.entry.status == "ok" for parent in self.read_parents
        )
        state = self.stream_state
        if status in {"ok", "incomplete"} and (self.progress.full or "full_read_at" not in state):
            state["full_read_at"] = self.progress.started
        self.progress.prints = b"".join(
            self._prints.get(tuple(context.values()), bytes(PRINT))
            for context in self.progress.pending
        )
        for kind, times in self._spared.items():
            if kind is not None:
                self.entry.warnings.append(
                    f"{times} consultas não feitas: as primeiras com {self.kind_column} {kind} não "
                    "tinham resposta (404)"
                )
        super()._end(status, error)

    def _keep_open(self) -> None:
        """Keep in the state what is to be asked for again tomorrow."""
        still = {
            key: context
            for key, context in (self._left_open | self._open).items()
            if key not in self._tried
            or key in self._open
            or (self.final_parent and key not in self._digests)
        }
        self.stream_state["open"] = pack(list(still.values()), self.privacy)
        self.stream_state["open_at"] = self.run.today.isoformat()


def is_open(row: Record, final: Mapping[str, Collection[Any]]) -> bool:
    """Whether a row has in a column another value than those with which it is final."""
    return any(row.get(column) not in values for column, values in final.items())


def _split(prints: bytes) -> list[bytes]:
    return [prints[place : place + PRINT] for place in range(0, len(prints), PRINT)]
