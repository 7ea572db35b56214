"""Generators of keys and of references between resources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .generators import Scope, compile_generator, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rows import Generator, Row
    from .spec import Value

GROUPED = 5000
"""Rows looked at when grouping a register by one of its fields."""


@named("key")
def _key(args: int, _scope: Scope) -> Generator:
    """A running number, the first row's being `args`."""
    return lambda row: args + row.index


@named("column")
def _column(args: str, scope: Scope) -> Generator:
    """A column of the resource's table; rows beyond the table repeat it with a number.

    Numbers move by ten million per repetition, so that codes stay unique.
    """
    values = [line[args] for line in scope.world.specs[scope.resource].table]
    size = len(values)
    numbered = len(set(values)) > size // 2

    def make(row: Row) -> Value:
        again, place = divmod(row.index, size)
        value = values[place]
        if not again or not numbered or value is None or isinstance(value, bool):
            return value
        return value + again * 10**7 if isinstance(value, int) else f"{value} {again + 1}"

    return make


@named("some")
def _some(args: str, scope: Scope) -> Generator:
    """The index of a random row of another resource; null when it has none."""
    odd, count = scope.odd(), scope.world.counts[args]
    return lambda row: row.bits % odd % count if count else None


@named("near")
def _near(args: str, scope: Scope) -> Generator:
    """The index of the row at the same relative place: for two timelines, of about the day."""
    count, own = scope.world.counts[args], max(scope.count, 1)
    return lambda row: min(row.index * count // own, count - 1) if count else None


@named("spread")
def _spread(args: str, scope: Scope) -> Generator:
    """The index of a row of another resource, no two rows sharing one while there are enough."""
    count, own = scope.world.counts[args], max(scope.count, 1)

    def make(row: Row) -> int | None:
        if not count:
            return None
        fits = own <= count and row.index < own
        return row.index * count // own if fits else row.index % count

    return make


@named("inverse")
def _inverse(args: str, scope: Scope) -> Generator:
    """The index of the row which `spread` over this resource; null when none did."""
    count, own = scope.world.counts[args], max(scope.count, 1)

    def make(row: Row) -> int | None:
        i = row.index
        if not count or i >= own:
            return None
        if count > own:
            return i + (count - 1 - i) // own * own
        found = -(-i * count // own)
        return found if found < count and found * own // count == i else None

    return make


@named("block")
def _block(args: list[Any], scope: Scope) -> Generator:
    """`[resource, size]`: the index of the row that owns this block of so many rows."""
    resource, size = args
    count = scope.world.counts[resource]
    return lambda row: row.index // size % count if count else None


@named("ordinal")
def _ordinal(args: int, _scope: Scope) -> Generator:
    """The place inside a block of `args` rows, from 1."""
    return lambda row: row.index % args + 1


@named("from")
def _from(args: list[str], scope: Scope) -> Generator:
    """`[index field, resource, field]`: a field of the row another field points to."""
    pointer, resource, name = args
    tables = scope.world.tables
    own = not tables[resource].spec.parent  # children are many more than their description says
    small = own and scope.world.counts[resource] <= GROUPED

    def read(index: int) -> Value:
        return tables[resource].value(index, name)

    value = cache(read) if small else read

    def make(row: Row) -> Value:
        index = row.get(pointer)
        return None if index is None else value(index)

    return make


@named("ref")
def _ref(args: str, scope: Scope) -> Generator:
    """The key of a random row of another resource."""
    index, world = _some(args, scope), scope.world
    key = world.specs[args].key[0]

    @cache
    def value(place: int) -> Value:
        return world.tables[args].value(place, key)

    small = world.counts[args] <= GROUPED

    def make(row: Row) -> Value:
        place = index(row)
        if place is None:
            return None
        return value(place) if small else world.tables[args].value(place, key)

    return make


def _groups(resource: str, field: str, scope: Scope) -> Callable[[], dict[Any, list[int]]]:
    """The rows of a resource by one of its fields; only its first rows, looked at when needed."""
    world = scope.world

    @cache
    def groups() -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for index in range(min(world.counts[resource], GROUPED)):
            found.setdefault(world.tables[resource].value(index, field), []).append(index)
        return found

    return groups


@named("same")
def _same(args: list[str], scope: Scope) -> Generator:
    """`[resource, its field, own field]`: the index of a row whose field equals ours.

    Any row when none does. Only the first rows of the resource are considered.
    """
    resource, theirs, ours = args
    odd, groups = scope.odd(), _groups(resource, theirs, scope)

    def make(row: Row) -> int | None:
        known = groups()
        group = known.get(row.get(ours)) or [i for g in known.values() for i in g]
        return group[row.bits % odd % len(group)] if group else None

    return make


@named("matches")
def _matches(args: list[Any], scope: Scope) -> Generator:
    """`[resource, its field, own field, most]`: how many rows have our value, at most so many."""
    resource, theirs, ours, *most = args
    groups = _groups(resource, theirs, scope)

    def make(row: Row) -> int:
        found = len(groups().get(row.get(ours), ()))
        return min(found, *most) if most else found

    return make


@named("match")
def _match(args: list[str], scope: Scope) -> Generator:
    """The index of the row among those `matches` counts which has this element's place."""
    resource, theirs, ours = args
    groups = _groups(resource, theirs, scope)
    return lambda row: groups()[row.get(ours)][row.position]


@named("earlier")
def _earlier(args: str, scope: Scope) -> Generator:
    """The index of the row one lap over the other resource before; null in the first lap."""
    lap = scope.world.counts[args]
    return lambda row: row.index - lap if row.index >= lap else None


@named("first")
def _first(args: list[Any], scope: Scope) -> Generator:
    """The first of several generators that gives anything but null."""
    options = [compile_generator(make, scope.deeper(str(n))) for n, make in enumerate(args)]
    return lambda row: next((v for v in (make(row) for make in options) if v is not None), None)


@named("lap")
def _lap(args: list[Any], scope: Scope) -> Generator:
    """`[resource, size]`: the place inside a `block`, numbering on when the blocks come round."""
    resource, size = args
    count = max(scope.world.counts[resource], 1)
    return lambda row: row.index // (size * count) * size + row.index % size + 1


@named("even")
def _even(args: str, _scope: Scope) -> Generator:
    """This element's equal share of an amount of its owner; the last one takes the cents left."""

    def make(row: Row) -> float:
        cents, count = round(row.get(args) * 100), row.siblings
        each: int = cents // count
        return (each if row.position < count - 1 else cents - each * (count - 1)) / 100

    return make
