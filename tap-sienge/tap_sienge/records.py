"""What a record of the API becomes: a row with a key, or a rejected one; none is lost."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from tap_sienge.keys import KEY, ContentKeys, DistinctKeys, digest
from tap_sienge.privacy import without_persons
from tap_sienge.row_schema import EXTRA, RowSchema, load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tap_sienge.privacy import Privacy
    from tap_sienge.rejected import Rejects
    from tap_sienge.values import Record

LONGEST_KEY = 200
"""Characters of a text in a key: PostgreSQL's index takes 2,704 bytes for all columns of a key."""

PAGE_WINDOW = 1000
"""Records of a page or BULK answer among which a key that comes twice is noticed."""

BROKEN = "api-error"
"""Field of the extra record by which BULK answers tell that they broke off (spec)."""


class RecordProcessor:
    """Turns the records of one stream into rows, or rejects them.

    Which keys came, and how many records, is counted for each context: it is what tells that all
    of them came.
    """

    def __init__(
        self,
        stream: str,
        schema: RowSchema,
        privacy: Privacy,
        rejects: Rejects,
        *,
        primary_keys: Sequence[str],
        content_key: Sequence[str] | None = None,
        nested: str | None = None,
        optional_choices: Collection[str] = (),
        seen: DistinctKeys,
        doubts: list[str],
    ) -> None:
        """Take the row's schema and key, and what the read has seen and doubts so far.

        Of contexts without any of the ``optional_choices``, rows that came with one are left out.
        """
        self.seen = seen
        """Keys that came with the current context."""
        self.arrived = 0
        """Records that came with the current context."""
        self.unreadable = 0
        """Records of the current context that are none of this stream."""
        self.rejected = 0
        """Records of this run that were rejected."""
        self.keyless = 0
        """Records of this run that came without their key, or with that of another."""
        self.on_accept: list[Callable[[Record], None]] = []
        """Called with each row, as it was before personal data were hidden."""
        self._stream, self._schema, self._privacy, self._rejects = stream, schema, privacy, rejects
        self._hide = privacy.rows(schema.described, keys=content_key or primary_keys)
        self._primary_keys, self._content_key, self._nested = primary_keys, content_key, nested
        self._key_has_text = any(schema.json_types.get(name) == "string" for name in primary_keys)
        self._optional_choices = frozenset(optional_choices)
        self._came_by_choice = DistinctKeys()
        self._doubts = doubts
        self._content_keys = ContentKeys()
        self._page_window: dict[tuple[Any, ...], Record] = {}
        self._repeats: Counter[tuple[Any, ...]] = Counter()

    # A context, and what it is counted by

    def restart(self) -> None:
        """Forget what came: the context is read from its first page."""
        self.seen.clear()
        self._content_keys = ContentKeys()
        self.arrived = 0

    def position(self) -> tuple[int, int, int]:
        """Give what ``rewind`` goes back to."""
        return self._rejects.position, self.rejected, self.keyless

    def rewind(self, position: tuple[int, int, int]) -> None:
        """Drop what was rejected and came without a key since, by a read that is repeated."""
        place, self.rejected, self.keyless = position
        self._rejects.rewind(place)
        self.unreadable = 0

    def finish(self) -> int:
        """End a context; give how many different keys came."""
        if self._optional_choices:
            self._came_by_choice.update(self.seen)
        return len(self.seen)

    @property
    def found(self) -> int:
        """How many records came, as the API counts them: not the objects of a list in them."""
        return self.arrived if self._nested else len(self.seen)

    def came(self, record: Any, context: Record) -> bool:  # noqa: ANN401
        """Whether a record's key came before in this context."""
        key = self.key_of(record, context)
        return key is not None and key in self.seen

    def key_of(self, record: Any, context: Record) -> tuple[Any, ...] | None:  # noqa: ANN401
        """Give the key of a record, without any warning on it; None if it is no object."""
        if not isinstance(record, dict):
            return None
        row = self._silent_schema.convert(record, context)
        row = self._hide(row) if self._hide else row
        return tuple(row[name] for name in self._primary_keys)

    @cached_property
    def _silent_schema(self) -> RowSchema:
        return RowSchema(load_schema(self._stream))

    # Records

    def rows(self, records: Iterable[Any], context: Record, again: int = 0) -> Iterator[Record]:
        """Give the rows of a page, but for ``again`` records that came with the page before."""
        without_choice = self._optional_choices and not self._optional_choices & context.keys()
        by_choice = self._came_by_choice if without_choice else None
        for position, record in enumerate(islice(records, again, None)):
            if position % PAGE_WINDOW == 0:
                self._forget_window(but_last=again > 0 and position == 0)
            if isinstance(record, dict) and record.keys() == {BROKEN}:
                reason = without_persons(str(record[BROKEN]))
                self._doubts.append(f"a API interrompeu a resposta: {reason}")
                continue
            self.arrived += 1
            found = None
            if isinstance(record, dict):
                found = self._schema.rows(record, context, self._nested)
            if found is None:
                self.unreadable += 1
                hidden = self._privacy.unknown(record)
                reason = "não é um registro deste recurso"
                self._reject(("ilegível", self.unreadable), hidden, reason)
                continue
            for known in found:
                if (row := self._accepted(known, by_choice)) is not None:
                    yield row

    def _accepted(self, known: Record, by_choice: DistinctKeys | None) -> Record | None:
        """Give a row with its key; None if it came before, or cannot land."""
        row = self._hide(known) if self._hide else known
        if self._content_key is not None:
            columns = self._content_key or [c for c in row if c not in {KEY, EXTRA, "links"}]
            row[KEY] = self._content_keys.key([row[column] for column in columns]).hex()
        key = tuple([row[name] for name in self._primary_keys])
        if None in key or (self._key_has_text and _is_too_long(key)):
            row = dict(row)  # what is calculated is nothing to ask the API for
            key = self._completed(row)
        if by_choice is not None and key in by_choice:
            self.seen.add(key)
            return None
        if (first := self._page_window.setdefault(key, row)) is not row:
            self._repeated(key, row, first)
            return None
        self.seen.add(key)
        for tell in self.on_accept:
            tell(known)
        return row

    def _completed(self, row: Record) -> tuple[Any, ...]:
        """Calculate what is missing in a row's key, or too long for it, so that it is not lost."""
        missing = [name for name in self._primary_keys if row[name] is None]
        if missing:
            surrogate = self._content_keys.surrogate_key(row)
            for name in missing:
                row[name] = surrogate[self._schema.json_types[name]]
            self.keyless += 1
            names = " e ".join(missing)
            self._schema.warnings.count(f"registro sem {names}, gravado com chave calculada")
        for name in self._primary_keys:
            if self._key_has_text and _is_too_long((row[name],)):
                whole = {name: self._privacy.unknown(row[name])}
                row[EXTRA] = (row[EXTRA] or {}) | whole
                row[name] = f"codigo-longo-{digest(row[name]).hex()}"
                self._schema.warnings.count(f"código longo demais, gravado resumido: {name}")
        return tuple(row[name] for name in self._primary_keys)

    # What comes twice, and what cannot land

    def note_collisions(self) -> None:
        """Warn of records with the key of another, where nothing else tells of them."""
        if (lost := self.arrived - len(self.seen)) > 0:
            self.keyless += lost
            self._schema.warnings["registro com a chave de outro, longe dele; vale o último"] += (
                lost
            )

    def _forget_window(self, *, but_last: bool) -> None:
        """Forget the rows of a page; the last one is kept beside the next page's."""
        kept = dict([self._page_window.popitem()]) if but_last and self._page_window else {}
        self._page_window = kept
        self._repeats = Counter({key: self._repeats[key] for key in kept})

    def _repeated(self, key: tuple[Any, ...], row: Record, first: Record) -> None:
        """Land one of equal rows, and the first of those that only share their key."""
        self._repeats[key] += 1
        seen = (*key, self._repeats[key])
        if seen in self.seen:
            return
        if any(first[name] != row[name] for name in first):
            self.keyless += 1  # its own key may be one that did not come
            reason = "a mesma chave veio antes, na mesma página, com outro conteúdo"
            self._reject(seen, row, reason)
        else:
            self.seen.add(seen)
            self._schema.warnings.count("registro repetido na mesma página, gravado uma vez")

    def _reject(self, seen: tuple[Any, ...], record: Any, reason: str) -> None:  # noqa: ANN401
        """Reject what cannot land, which the API's ``count`` counts too.

        The only way to ``rejected_rows``. A page that is read once more rejects nothing anew.
        """
        if seen not in self.seen:
            self.seen.add(seen)
            self.rejected += 1
            self._rejects.add(self._stream, record, reason)


def _is_too_long(key: tuple[Any, ...]) -> bool:
    return any(type(part) is str and len(part) > LONGEST_KEY for part in key)
