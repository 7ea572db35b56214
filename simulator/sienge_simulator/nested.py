"""Generators that look at owners, at what descends from them, and at rows known by their key."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .generators import Scope, named
from .references import GROUPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rows import Generator, Row, Table
    from .spec import Value


@named("theirs")
def _theirs(args: str, _scope: Scope) -> Generator:
    """A field of the row this one belongs to, even where this one has a field of that name."""
    return lambda row: row.parent and row.parent.get(args)


@named("list")
def _list(args: list[str], _scope: Scope) -> Generator:
    """The values of some fields, without nulls."""
    return lambda row: [value for value in map(row.get, args) if value is not None]


@named("least")
def _least(args: list[str], _scope: Scope) -> Generator:
    """`[list, field]`: the least value of a field of its elements; null when it has none."""
    name, part = args
    return lambda row: min((element[part] for element in row.get(name)), default=None)


@named("plus")
def _plus(args: list[Any], _scope: Scope) -> Generator:
    """`[field, field or number, …]`: a sum which keeps integers whole; null when one is null."""

    def make(row: Row) -> Value:
        values = [row.get(part) if isinstance(part, str) else part for part in args]
        return None if None in values else sum(values)

    return make


@named("keyed")
def _keyed(args: list[str], scope: Scope) -> Generator:
    """`[resource, field]`: the index of the row whose key the field holds, if it is known.

    Keys other than running numbers are known of the first rows only.
    """
    resource, name = args
    world = scope.world
    key = world.specs[resource].key[-1]
    make = next(f.make for f in world.specs[resource].fields if f.name == key)
    if isinstance(make, dict) and "key" in make:
        first, count = make["key"], world.counts[resource]

        def running(row: Row) -> int | None:
            found = row.get(name)
            return found - first if found is not None and found - first < count else None

        return running

    @cache
    def places() -> dict[Any, int]:
        table = world.tables[resource]
        return {table.value(i, key): i for i in range(min(world.counts[resource], GROUPED))}

    return lambda row: places().get(row.get(name))


@named("matching")
def _matching(args: list[Any], scope: Scope) -> Generator:
    """The number of an owner's `kin`: a `count` of children which exist when others do."""
    find = kin(args, scope)
    return lambda owner: len(find(owner))


@named("one_below")
def _one_below(args: list[str], scope: Scope) -> Generator:
    """`[index field, resource]`: the index of a random row below the one the field points to."""
    pointer, resource = args
    odd, tables = scope.odd(), scope.world.tables
    top = tables[resource]
    while top.parent:
        top = top.parent

    def make(row: Row) -> int | None:
        index = row.get(pointer)
        found = below(tables[resource], top, top.row(index)) if index is not None else []
        return found[row.bits % odd % len(found)].index if found else None

    return make


def below(table: Table, ancestor: Table, row: Row) -> list[Row]:
    """The rows of a table which descend from a row of another one."""
    if table.parent is None or table is ancestor:
        raise ValueError(f"{table.spec.name} does not descend from {ancestor.spec.name}")
    middle = [row] if table.parent is ancestor else below(table.parent, ancestor, row)
    return [child for owner in middle for child in table.within(owner.index, owner.born, owner)]


def kin(args: list[Any], scope: Scope) -> Callable[[Row], list[Row]]:
    """`[resource, field, value]`: its rows below the nearest owner which it shares with ours.

    The function takes the owner of our row. With a field and a value, only rows which hold it;
    with a field alone, those in which it is as in our owner.
    """
    tables = scope.world.tables

    def find(owner: Row) -> list[Row]:
        resource, *wanted = args
        target, table, top = tables[resource], tables[scope.resource].parent, owner
        while table not in _lineage(target) and table and top.parent:
            table, top = table.parent, top.parent
        found = below(target, table, top) if table else []
        if not wanted:
            return found
        value = wanted[1] if wanted[1:] else owner.get(wanted[0])
        return [child for child in found if child.get(wanted[0]) == value]

    return find


def _lineage(table: Table) -> list[Table]:
    return [table.parent, *_lineage(table.parent)] if table.parent else []
