"""Generators for what is paid in parts: instalments, their days, and sums over them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from .generators import Scope, compile_generator, named

if TYPE_CHECKING:
    from .rows import Generator, Row
    from .spec import Value


@named("unfold")
def _unfold(args: list[str], _scope: Scope) -> Generator:
    """`[array, field]`: the element this child comes from, each having as many as its field says.

    The element comes with `place`, the child's among those of the element, and `size`.
    """
    name, number = args

    def make(row: Row) -> Value:
        place = row.position
        for element in row.get(name):
            if place < element[number]:
                return element | {"place": place, "size": element[number]}
            place -= element[number]
        return None

    return make


@named("dealt")
def _dealt(args: str, _scope: Scope) -> Generator:
    """The elements of a list that fall to this row when it is dealt among its siblings in turn."""
    return lambda row: row.get(args)[row.position :: row.siblings]


@named("slice")
def _slice(args: list[str], _scope: Scope) -> Generator:
    """`[unfolded, field]`: its even share of the element's amount; the last's has the rest."""
    name, amount = args
    return lambda row: _share(row.get(name), amount) / 100


@named("settled")
def _settled(args: list[str], _scope: Scope) -> Generator:
    """`[unfolded, amount, paid]`: what of this child's slice is paid, the first ones first."""
    name, amount, paid = args

    def make(row: Row) -> float:
        element = row.get(name)
        before = round(element[amount] * 100) // element["size"] * element["place"]
        left = round(element[paid] * 100) - before
        return float(min(max(left, 0), _share(element, amount))) / 100

    return make


def _share(element: dict[str, Any], amount: str) -> int:
    cents, size = round(element[amount] * 100), element["size"]
    each: int = cents // size
    return each if element["place"] < size - 1 else cents - each * (size - 1)


@named("months_later")
def _months_later(args: list[str], _scope: Scope) -> Generator:
    """`[day, field]`: the day as many months later as the other field says, on the 28th at most."""
    name, months = args

    def make(row: Row) -> str:
        day = date.fromisoformat(row.get(name))
        years, month = divmod(day.month - 1 + row.get(months), 12)
        return day.replace(day.year + years, month + 1, min(day.day, 28)).isoformat()

    return make


@named("by_today")
def _by_today(args: list[Any], scope: Scope) -> Generator:
    """`[day, then, else]`: `then` where the field's day is past."""
    name, last = args[0], scope.world.days[-1]
    then = compile_generator(args[1], scope.deeper("then"))
    other = compile_generator(args[2] if len(args) > 2 else None, scope.deeper("else"))
    return lambda row: (then if row.get(name) <= last else other)(row)


@named("snapshots")
def _snapshots(args: int, scope: Scope) -> Generator:
    """Days going back with the place: from today so many days, then the ends of the months."""
    today = date.fromisoformat(scope.world.days[-1]) + timedelta(1)
    oldest = today - timedelta(args)

    def make(row: Row) -> str:
        if row.position < args:
            return (today - timedelta(row.position)).isoformat()
        years, month = divmod(oldest.month - 1 - (row.position - args), 12)
        return (date(oldest.year + years, month + 1, 1) - timedelta(1)).isoformat()

    return make


@named("linked")
def _linked(args: list[str], scope: Scope) -> Generator:
    """`[resource, its field, own field]`: the indexes of all the rows whose field equals ours."""
    resource, theirs, ours = args
    tables = scope.world.tables

    @cache
    def groups() -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for row in tables[resource].rows():
            found.setdefault(row.get(theirs), []).append(row.index)
        return found

    return lambda row: groups().get(row.get(ours), [])


@named("children")
def _children(args: list[str] | str, scope: Scope) -> Generator:
    """`resource`: this row's children there; `[resource, field]`: of the rows the field lists."""
    resource, *pointers = [args] if isinstance(args, str) else args
    tables = scope.world.tables

    def make(row: Row) -> list[Row]:
        owners = row.get(pointers[0]) if pointers else [row.index]
        return [child for owner in owners for child in tables[resource].within(owner, row.born)]

    return make


@named("chosen")
def _chosen(args: list[Any], _scope: Scope) -> Generator:
    """`[list, field, value]`: the elements whose field equals the value."""
    name, part, wanted = args
    return lambda row: [element for element in row.get(name) if element[part] == wanted]


@named("nth")
def _nth(args: str, _scope: Scope) -> Generator:
    """The element of a list at this row's own place."""
    return lambda row: row.get(args)[row.position]


@named("sum_of")
def _sum_of(args: list[str], _scope: Scope) -> Generator:
    """`[list, field]`: the sum of a field of its elements."""
    name, part = args
    return lambda row: round(sum(element[part] or 0 for element in row.get(name)), 2)


@named("map")
def _map(args: list[Any], scope: Scope) -> Generator:
    """`[field, {value: result}]`: the result for the field's value, null for any other."""
    name, raw = args
    results = {k: compile_generator(make, scope.deeper(str(k))) for k, make in raw.items()}

    def make(row: Row) -> Value:
        found = results.get(row.get(name))
        return found and found(row)

    return make
