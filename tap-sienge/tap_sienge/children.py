"""Resources that the API gives only one by one, for each row of another."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge.client import SiengeStream
from tap_sienge.contexts import of_row
from tap_sienge.keys import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tap_sienge.run_log import Status
    from tap_sienge.tap import TapSienge
    from tap_sienge.values import Record

PRINT = 6
"""Bytes of the fingerprint of a parent's row."""

TRIES = 3
"""Parents of a kind without a child, after which a child stream asks for no more of the kind."""


class SiengeChildStream(SiengeStream):
    """What the API gives only one by one, for each row of a parent; off unless selected.

    Asked for only where the parent's row is new or changed since it was last asked for, unless it
    changes without its parent: the state holds six bytes for each.
    """

    selected_by_default = False
    follows_changes: ClassVar[bool] = True
    """Whether it changes only with its parent's row."""
    depends_on_key_alone: ClassVar[bool] = False
    """Whether what else the parent's row holds does not matter, as with a code that many share."""
    kind_column: ClassVar[str | None] = None
    """Column of the parent that tells whether there is a child: of a value for which the first
    parents have none, no further ones are asked for.
    """

    def __init__(self, tap: TapSienge) -> None:
        """Start with nothing offered."""
        super().__init__(tap)
        self._digests: defaultdict[tuple[Any, ...], set[bytes]] = defaultdict(set)
        self._prints: dict[tuple[Any, ...], bytes] = {}
        self._done: set[bytes] = set()
        self._kinds: dict[tuple[Any, ...], Any] = {}
        self._fertile: set[Any] = set()
        self._barren: Counter[Any] = Counter()
        self._spared: Counter[Any] = Counter()

    @property
    @override
    def asks_every_parent(self) -> bool:
        return not (self.follows_changes and self.stream_state.get("complete")) or self._feeds_all

    @property
    def _feeds_all(self) -> bool:
        return any(follower.asks_every_parent for follower in self.followers)

    @property
    @override
    def partial(self) -> bool:
        return bool(self._known)

    @cached_property
    def _known(self) -> set[bytes]:
        """Fingerprints of the parents' rows that were asked for in earlier runs."""
        if not self.follows_changes or self._feeds_all:
            return set()
        known = b64decode(self.stream_state.get("asked", ""))
        return {known[place : place + PRINT] for place in range(0, len(known), PRINT)}

    @override
    def offer(self, parent: SiengeStream, row: Record) -> None:
        for context in of_row(row, self.parents[type(parent)], self.one_of):
            key = tuple(context.values())
            self._offered[key] = context
            self._digests[key].add(digest([key] if self.depends_on_key_alone else [key, row]))
            if self.kind_column:
                self._kinds[key] = row[self.kind_column]

    @cached_property
    @override
    def contexts(self) -> list[Record]:
        self._prints = {
            key: digest(sorted(found.hex() for found in rows))[:PRINT]
            for key, rows in self._digests.items()
        }
        offered, self._offered = self._offered, {}
        for key, context in offered.items():
            if self._prints[key] not in self._known:
                self._offered[key] = context
        return super().contexts

    @override
    def wants(self, context: Record) -> bool:
        kind = self._kinds.get(tuple(context.values()))
        return not self.kind_column or (kind is not None and self._barren[kind] < TRIES)

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        if not context:
            return  # no parent has anything new
        asked = dict(context)
        key = tuple(asked.values())
        if self.wants(asked):
            unanswered, doubts = self._unanswered, len(self._doubts)
            yield from super().get_records(context)
            if self._unanswered == unanswered:
                self._fertile.add(self._kinds.get(key))
            elif (kind := self._kinds.get(key)) not in self._fertile:
                self._barren[kind] += 1
            if len(self._doubts) > doubts:
                return  # to be asked for again in the next run
        else:
            self._spared[self._kinds[key]] += 1
            self._tap.reader.forget(self, asked)
        if key in self._prints:
            self._done.add(self._prints[key])

    @override
    def _sees_all(self, state: Record) -> bool:
        return not self._known and super()._sees_all(state)

    @override
    def _end(self, status: Status, error: str | None = None) -> None:
        whole = all(p.entry.status == "ok" and not p.partial for p in self.read_parents)
        unchanged = self._known & set(self._prints.values()) if whole else self._known
        asked = self._done | unchanged
        self.stream_state["asked"] = b64encode(b"".join(sorted(asked))).decode()
        self.stream_state["complete"] = status == "ok" and all(
            parent.entry.status == "ok" for parent in self.read_parents
        )
        for kind, times in self._spared.items():
            if kind is not None:
                self.entry.warnings.append(
                    f"{times} consultas não feitas: as primeiras com {self.kind_column} {kind} não "
                    "tinham resposta (404)"
                )
        super()._end(status, error)
