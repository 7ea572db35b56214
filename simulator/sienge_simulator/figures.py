"""Generators that reckon: products and sums of fields, totals of children, places of relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .generators import Scope, named

if TYPE_CHECKING:
    from .rows import Generator, Row
    from .spec import Value


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


@named("total")
def _total(args: list[str], scope: Scope) -> Generator:
    """`[resource, field, index field]`: the sum over this row's children in another resource.

    With an index field: over the children of the row it points to, nothing when it is null.
    """
    resource, name = args[:2]
    pointer = args[2] if len(args) > 2 else None
    tables = scope.world.tables

    def make(row: Row) -> float:
        owner = row.get(pointer) if pointer else row.index
        if owner is None:
            return 0.0
        rows = tables[resource].within(owner, row.born)
        return round(float(sum(child.get(name) or 0 for child in rows)), 4)

    return make


@named("below")
def _below(args: list[str], scope: Scope) -> Generator:
    """`[index field, resource]`: the index of that row's child at this row's own place."""
    pointer, resource = args
    most = scope.world.tables[resource].most

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
