"""Rows that belong to a row of another resource, such as the instalments of a bill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .store import Filter, Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .clock import Clock
    from .rows import Record, Table


class Children(Store):
    """The rows of a resource with a parent: they come and go with their owner.

    The description's `parent` names the parent's resource, its field with the `count` of
    children (a number works too), the `most` there may be, and the `param` that has the owner's
    key in the paths. A field the child lacks is looked for in its owner.
    """

    def __init__(self, table: Table, clock: Clock, parents: Store) -> None:
        super().__init__(table, clock)
        self.parents = parents

    def __len__(self) -> int:
        return sum(len(self.within(owner)) for owner in self.parents.select([], ""))

    @property
    def total(self) -> int:
        """The places there are for children."""
        return self.parents.total * self.table.most

    def _born(self, index: int) -> str | None:
        return self.parents._born(index // self.table.most)

    def within(self, owner: int) -> range:
        """The children of one owner."""
        first = owner * self.table.most
        return range(first, first + self.table.row(first, self._born(first)).siblings)

    def find_in(self, owner: int, key: str) -> int | None:
        """The child with this key."""
        wanted = key.strip()
        return next((i for i in self.within(owner) if str(self.key(i)) == wanted), None)

    def _select(self, filters: list[Filter]) -> Sequence[int]:
        return [
            index
            for owner in self.parents.select([], "")
            for index in self.within(owner)
            if all(one.test(self.value(index, one.field)) for one in filters)
        ]

    def select(self, filters: list[Filter], _name: str) -> Sequence[int]:
        """Children which pass every filter, of all owners; not remembered."""
        return self._select(filters)

    def records(self) -> Iterator[Record]:
        """Every canonical record, with its owner's key under the name the path gives it."""
        param = self.spec.parent["param"]
        for owner in self.parents.select([], ""):
            key = self.parents.key(owner)
            yield from ({param: key} | self.record(index) for index in self.within(owner))

    def create(self, number: int, values: Record) -> list[Any]:
        """Refuse: children come with their owner."""
        if number or values:
            raise ValueError(f"{self.spec.name} changes only with {self.parents.spec.name}")
        return []

    def find(self, _key: str) -> int | None:
        """Nothing: a key says nothing without the owner's."""
        return None
