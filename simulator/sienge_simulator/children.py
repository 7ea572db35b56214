"""Rows that belong to a row of another resource, such as the instalments of a bill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .filters import Filter
from .store import Store, before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .clock import Clock
    from .rows import Record, Table
    from .spec import Parent, Value


class Children(Store):
    """The rows of a resource with a parent: they come and go with their owner.

    A field the child lacks is looked for in its owner.
    """

    def __init__(self, table: Table, clock: Clock, parents: Store, parent: Parent) -> None:
        super().__init__(table, clock)
        self.parents, self.parent = parents, parent
        self.depth = parents.depth + len(parent.params) if parent.params else 0

    def _live(self) -> int:
        return sum(len(self.within(owner)) for owner in self.parents.rows())

    @property
    def state(self) -> object:
        """Something else after every change of these rows or of their owners."""
        return self.parents.state, self.version

    @property
    def total(self) -> int:
        """The places there are for children."""
        return self.parents.total * self.table.most

    def _born(self, index: int) -> str | None:
        return self.parents._born(index // self.table.most)

    def changes(self, index: int) -> Record:
        """What changed, in the owner too where its fields are inherited."""
        own = super().changes(index)
        return self.parents.changes(index) | own if self.parent.inherit else own

    def value(self, index: int, name: str) -> Value:
        """One field of a row as it is now; one it lacks is its owner's."""
        if name in self.table.detail.generators or name in "#*":
            return super().value(index, name)
        return self.parents.value(index // self.table.most, name)

    def within(self, owner: int) -> range:
        """The children of one owner."""
        first, count = owner * self.table.most, self.parent.count
        if not isinstance(count, int):
            count = self.table.row(first, self._born(first)).siblings
        return range(first, first + count)

    def owner(self, keys: Sequence[str]) -> int | None:
        """The live owner to which the keys of a path or query lead."""
        return self.parents.locate(keys[: self.depth])

    def beneath(self, keys: Sequence[str]) -> Sequence[int] | None:
        """The rows of the owner to which the keys lead, a far one where they are few."""
        if len(keys) >= self.depth or not isinstance(self.parents, Children):
            owner = self.owner(keys)
            return None if owner is None else self.within(owner)
        owners = self.parents.beneath(keys)
        return None if owners is None else [i for owner in owners for i in self.within(owner)]

    def locate(self, keys: Sequence[str]) -> int | None:
        """The live row to which the keys of a path lead, its owners' first."""
        if not self.parent.params:
            return self.find("_".join(keys))
        owner = self.owner(keys)
        if owner is None:
            return None
        wanted = "_".join(keys[self.depth :]).strip()
        return next((i for i in self.within(owner) if str(self.key(i)) == wanted), None)

    def rows(self) -> Iterator[int]:
        """Every live row, owner by owner."""
        return (index for owner in self.parents.rows() for index in self.within(owner))

    def _select(self, filters: list[Filter]) -> Sequence[int]:
        owners = self._owners(filters)
        if not self._as_born() or self.parent.inherit or any(one.field in "#*" for one in filters):
            return [
                index
                for owner in owners
                for index in self.within(owner)
                if all(one.test(self.value(index, one.field)) for one in filters)
            ]
        return [  # as born: brothers share their owner's row, which is computed once
            row.index
            for owner in owners
            for row in self.table.within(owner, self._born(owner * self.table.most))
            if all(one.test(row.get(one.field)) for one in filters)
        ]

    def _as_born(self) -> bool:
        return not (self.changed or self.parents.changed)

    def _owners(self, filters: list[Filter]) -> Iterable[int]:
        """Live owners, without those whose days say that no child of theirs can pass."""
        if not self._as_born():  # the days are as born no more
            return self.parents.rows()
        bounds: list[Filter] = []
        for one in filters:
            name, least, most = self.parent.near.get(one.field, ("", 0, 0))
            if name and one.low:
                bounds.append(Filter.since(name, before(one.low, most)))
            if name and one.high:
                bounds.append(Filter.until(name, before(one.high, least)))
        return self.parents._select(bounds) if bounds else self.parents.rows()

    def owners(self, index: int) -> Record:
        """The keys of a row's owners, by parameter; none where it is read without them."""
        if not self.parent.params:
            return {}
        owner = index // self.table.most
        keys = [self.parents.value(owner, name) for name in self.parents.spec.key]
        own = dict(zip(self.parent.params, keys, strict=True))
        return self.parents.owners(owner) | own

    def create(self, number: int, _values: Record) -> list[Any]:
        """Refuse: children come with their owner."""
        if number:
            raise ValueError(f"{self.spec.name} changes only with {self.parents.spec.name}")
        return []

    def delete(self, rows: Sequence[int]) -> list[Any]:
        """Refuse: children go with their owner."""
        if rows:
            raise ValueError(f"{self.spec.name} changes only with {self.parents.spec.name}")
        return []

    def find(self, key: str) -> int | None:
        """The live row with this key; none where keys are those of an owner's rows only."""
        if self._first_key is None:
            if self.parent.params:
                return None
            if self.spec.key[1:]:
                return next((index for index in self.rows() if str(self.key(index)) == key), None)
            return next(iter(self._indexed(_same(self.spec.key[0], key))), None)
        index = int(key) - self._first_key if key.isdigit() else -1
        return index if self.has(index) else None

    def has(self, index: int) -> bool:
        """Whether the row is there, and its owner too."""
        owner = index // self.table.most
        return self.parents.has(owner) and index in self.within(owner)


def _same(field: str, value: str) -> Filter:
    return Filter(field, lambda found: str(found) == value, wanted={value.strip()})
