"""Rows and the resources which make them: a record is computed field by field, on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .mix import mix, salt

if TYPE_CHECKING:
    from .spec import Field, ResourceSpec, Value

Record = dict[str, Any]


class Row:
    """One object under construction: its bits, its fields so far, and the object around it.

    `position` and `siblings` tell an element of an array its place and the array's length;
    `born` is the day (yyyy-MM-dd) of rows created through the admin, None for the others.
    """

    __slots__ = ("bits", "born", "generators", "index", "parent", "position", "siblings", "values")

    def __init__(
        self,
        index: int,
        bits: int,
        generators: dict[str, Generator],
        born: str | None = None,
        parent: Row | None = None,
        position: int = 0,
        siblings: int = 1,
    ) -> None:
        self.index, self.bits, self.generators, self.born = index, bits, generators, born
        self.parent, self.position, self.siblings = parent, position, siblings
        self.values: Record = {}

    def get(self, name: str) -> Value:
        """A field of this row, or of the nearest row around it, whatever the order of fields."""
        row: Row | None = self
        while row is not None:
            values = row.values
            if name in values:
                return values[name]
            generator = row.generators.get(name)
            if generator is not None:
                value = values[name] = generator(row)
                return value
            row = row.parent
        raise KeyError(name)

    def __getitem__(self, name: str) -> Value:
        """The same, so that a row serves wherever a record does."""
        return self.get(name)


Generator = Callable[[Row], Any]


class Constant:
    """A generator which gives every row the same value."""

    def __init__(self, value: Value) -> None:
        self.value = value

    def __call__(self, _row: Row) -> Value:
        """The value."""
        return self.value


class Maker:
    """Builds the objects of one level: a record, a nested object or an element of an array."""

    def __init__(self, fields: list[Field], generators: dict[str, Generator]) -> None:
        self.generators = generators
        self.constants = {
            name: generator.value
            for name, generator in generators.items()
            if isinstance(generator, Constant)
        }
        self.plan = [pair for pair in generators.items() if pair[0] not in self.constants]
        self.visible = [f.name for f in fields if not f.hidden]

    def build(self, row: Row) -> Record:
        """All visible fields of the row."""
        values = row.values = self.constants.copy()
        for name, generate in self.plan:
            if name not in values:
                values[name] = generate(row)
        return {name: values[name] for name in self.visible}


class Table:
    """The rows of one resource as they were born, before any change; index counts from 0.

    Children share out their indexes: `most` places for each row of the parent table, of which
    as many are taken as `children` says of that row.
    """

    def __init__(self, spec: ResourceSpec, seed: int, count: int) -> None:
        self.spec, self.count = spec, count
        self.base = mix(seed ^ salt(spec.name))
        self.maker: Maker
        self.detail: Maker
        self.parent: Table | None = None
        self.most = spec.parent.most if spec.parent else 1
        self.children: Generator

    def row(self, index: int, born: str | None = None, parent: Row | None = None) -> Row:
        """An empty row, ready for `get`; of the owner `parent`, where that is at hand."""
        row = Row(index, mix(self.base + index), self.detail.generators, born)
        if self.parent:
            owner, row.position = divmod(index, self.most)
            row.parent = parent or self.parent.row(owner, born)
            row.siblings = min(self.children(row.parent) or 0, self.most)
        return row

    def within(self, owner: int, born: str | None = None, parent: Row | None = None) -> list[Row]:
        """The children of one row of the parent table: of `parent`, where that is at hand."""
        first = owner * self.most
        one = self.row(first, born, parent)
        return [self.row(index, born, one.parent) for index in range(first, first + one.siblings)]

    def rows(self) -> Iterator[Row]:
        """Every row, as born; children owner by owner."""
        if not self.parent:
            yield from map(self.row, range(self.count))
            return
        for owner in self.parent.rows():
            yield from self.within(owner.index)

    def value(self, index: int, name: str, born: str | None = None) -> Value:
        """One field of one row, without computing the others."""
        return self.row(index, born).get(name)

    def record(self, index: int, born: str | None = None, *, detail: bool = False) -> Record:
        """The canonical record; with `detail`, also the fields only its by-id read answers."""
        return (self.detail if detail else self.maker).build(self.row(index, born))
