"""Generators that reckon: products and sums of fields, totals of children, places of relatives."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Any

from .generators import Scope, named

if TYPE_CHECKING:
    from .rows import Generator, Row
    from .spec import Value

RUNNING = 20_000
"""Rows that a running sum looks at."""


@named("times")
def _times(args: list[Any], _scope: Scope) -> Generator:
    """`[field, field or number, decimals]`: the product, to 2 decimals unless told."""
    name, factor = args[:2]
    decimals = args[2] if len(args) > 2 else 2

    def make(row: Row) -> float | None:
        a, b = row.get(name), row.get(factor) if isinstance(factor, str) else factor
        return None if a is None or b is None else round(float(a * b), decimals)

    return make


@named("sum")
def _sum(args: list[str], _scope: Scope) -> Generator:
    """The sum of several fields, less those written with a minus sign; nulls count as zero."""
    signed = [(name.lstrip("-"), -1 if name.startswith("-") else 1) for name in args]

    def make(row: Row) -> float:
        return round(float(sum(sign * (row.get(name) or 0) for name, sign in signed)), 4)

    return make


@named("plus")
def _plus(args: list[Any], _scope: Scope) -> Generator:
    """`[field, number]`: the field's whole number, so much larger; null where it is."""
    name, more = args

    def make(row: Row) -> int | None:
        number = row.get(name)
        return None if number is None else number + more

    return make


@named("total")
def _total(args: list[str], scope: Scope) -> Generator:
    """`[resource, field, index field]`: the sum over this row's descendants in another resource.

    With an index field: over the children of the row it points to, nothing when it is null.
    """
    resource, name = args[:2]
    pointer = args[2] if len(args) > 2 else None
    tables, own = scope.world.tables, scope.resource

    def rows(resource: str, row: Row) -> list[Row]:
        table = tables[resource]
        parent = table.parent.spec.name if table.parent else own
        owners = [row] if parent == own else rows(parent, row)
        return [child for owner in owners for child in table.within(owner.index, row.born)]

    def make(row: Row) -> float:
        if pointer:
            index = row.get(pointer)
            found = [] if index is None else tables[resource].within(index, row.born)
        else:
            found = rows(resource, row)
        return round(float(sum(child.get(name) or 0 for child in found)), 4)

    return make


@named("running")
def _running(args: list[str], scope: Scope) -> Generator:
    """`[first, day, resource, owner, its day, amount]`: a sum that grows with another's rows.

    To the field `first` come the amounts of the rows whose owner is this row's, until the row's
    day. Of the other resource only the last rows count.
    """
    first, day, resource, owner, their_day, amount = args
    table = scope.world.tables

    @cache
    def moved() -> dict[int, tuple[list[str], list[float]]]:
        found: dict[int, tuple[list[str], list[float]]] = {}
        count = table[resource].count
        for index in range(max(count - RUNNING, 0), count):
            row = table[resource].row(index)
            days, sums = found.setdefault(row.get(owner), ([], [0.0]))
            days.append(row.get(their_day))
            sums.append(sums[-1] + (row.get(amount) or 0))
        return found

    def make(row: Row) -> float:
        days, sums = moved().get(row.parent.index if row.parent else row.index, ([], [0.0]))
        return round(float(row.get(first) + sums[bisect_right(days, row.get(day))]), 2)

    return make


@named("below")
def _below(args: list[Any], scope: Scope) -> Generator:
    """`[index field, resource]`: the index of that row's child at this row's own place.

    A number instead of the resource says how many descendants each of those rows has.
    """
    pointer, resource = args
    most = resource if isinstance(resource, int) else scope.world.tables[resource].most

    def make(row: Row) -> int | None:
        owner = row.get(pointer)
        return None if owner is None else owner * most + row.position

    return make


@named("owner")
def _owner(_args: None, _scope: Scope) -> Generator:
    """The index of the row this one belongs to."""
    return lambda row: row.parent and row.parent.index


@named("over")
def _over(args: list[int], _scope: Scope) -> Generator:
    """`[size, first]`: the number of the row's block of so many rows, the first block's given."""
    size, first = args
    return lambda row: row.index // size + first


@named("cycle")
def _cycle(args: list[Value], _scope: Scope) -> Generator:
    """Each of several values in turn, row after row."""
    return lambda row: args[row.index % len(args)]


@named("each")
def _each(args: list[Value], _scope: Scope) -> Generator:
    """Each of several values in turn, element after element or child after child."""
    return lambda row: args[row.position % len(args)]


@named("after")
def _after(args: list[str], scope: Scope) -> Generator:
    """`[index field, resource]`: as many rows after the one pointed to as this element's place."""
    pointer, resource = args
    count = scope.world.counts[resource]

    def make(row: Row) -> int | None:
        first = row.get(pointer)
        return None if first is None or not count else (first + row.position) % count

    return make


@named("size")
def _size(args: str, _scope: Scope) -> Generator:
    """The length of an array."""
    return lambda row: len(row.get(args) or ())


@named("item")
def _item(args: list[str], _scope: Scope) -> Generator:
    """`[array, field]`: the field of the array's element at this row's place; null past its end."""
    name, part = args

    def make(row: Row) -> Value:
        found = row.get(name) or ()
        return found[row.position][part] if row.position < len(found) else None

    return make


@named("tally")
def _tally(args: list[Any], scope: Scope) -> Generator:
    """`[resource, field, value]`: how many rows of another resource have the value.

    Without a field: all of them.
    """
    resource, *wanted = args
    tables = scope.world.tables

    @cache
    def found() -> int:
        rows = tables[resource].rows()
        return sum(1 for row in rows if not wanted or row.get(wanted[0]) == wanted[1])

    return lambda _row: found()


@named("percent")
def _percent(args: list[str], _scope: Scope) -> Generator:
    """`[part, whole]`: the one in whole percents of the other."""
    part, whole = args
    return lambda row: row.get(whole) and round(row.get(part) / row.get(whole) * 100)


@named("rounded")
def _rounded(args: str, _scope: Scope) -> Generator:
    """A number without its decimals."""
    return lambda row: None if row.get(args) is None else int(row.get(args))


@named("abs")
def _abs(args: str, _scope: Scope) -> Generator:
    return lambda row: abs(row.get(args))


@named("positive")
def _positive(args: str, _scope: Scope) -> Generator:
    """Whether a number is zero or more."""
    return lambda row: row.get(args) >= 0


def places(scope: Scope, resource: str) -> int:
    """How many rows a resource is born with, children included, were every place taken."""
    table = scope.world.tables[resource]
    parent = table.spec.parent
    return places(scope, parent.resource) * parent.most if parent else table.count


@named("turn")
def _turn(args: str, scope: Scope) -> Generator:
    """The index of each row of another resource in turn; null when it has none."""
    size = places(scope, args)
    return lambda row: row.index % size if size else None


@named("turns")
def _turns(args: list[Any], scope: Scope) -> Generator:
    """`[resource, number]`: how often its rows have had their `turn`, counted modulo a number."""
    size, number = max(places(scope, args[0]), 1), args[1]
    return lambda row: row.index // size % number


@named("gather")
def _gather(args: list[str], scope: Scope) -> Generator:
    """`[resource, field]`: the sum over the rows of another resource whose `turn` is this row."""
    resource, name = args
    table, size = scope.world.tables[resource], max(places(scope, scope.resource), 1)

    def make(row: Row) -> float:
        rows = range(row.index, table.count, size)
        return round(float(sum(table.value(index, name) for index in rows)), 4)

    return make
