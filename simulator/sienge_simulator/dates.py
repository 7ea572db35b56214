"""Generators of days (yyyy-MM-dd) and of moments (yyyy-MM-ddTHH:mm:ss, São Paulo)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .generators import Scope, named

if TYPE_CHECKING:
    from .rows import Generator, Row
    from .spec import Value

WEEKDAYS = ["Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo"]


@named("timeline")
def _timeline(args: int | None, scope: Scope) -> Generator:
    """A day which never decreases with the index, from `START` to yesterday.

    The argument, if any, is the number of days it covers.
    """
    days, count = scope.world.days[-args if args else 0 :], max(scope.count, 1)
    span = len(days)
    return lambda row: row.born or days[min(row.index * span // count, span - 1)]


@named("lag")
def _lag(args: list[Any], scope: Scope) -> Generator:
    """`[field, percent, days]`: in percent of the rows up to so many days later, at most yesterday.

    Rows created through the admin keep the field's own day.
    """
    odd, days = scope.odd(), scope.world.days
    name, percent, most = args
    first, last = date.fromisoformat(days[0]).toordinal(), len(days) - 1

    def make(row: Row) -> Value:
        day, n = row.get(name), row.bits % odd
        if row.born or n % 100 >= percent:
            return day
        later = date.fromisoformat(day).toordinal() - first + (n >> 8) % (most + 1)
        return days[min(later, last)]

    return make


@named("days")
def _days(args: list[Any], scope: Scope) -> Generator:
    """`[field, low, high]`: a day so many days after the field's (before, when negative)."""
    odd, name, low, size = scope.odd(), args[0], args[1], args[2] - args[1] + 1

    def make(row: Row) -> str | None:
        day = row.get(name)
        if day is None:
            return None
        later = timedelta(low + row.bits % odd % size)
        return (date.fromisoformat(day) + later).isoformat()

    return make


@named("since")
def _since(args: str, scope: Scope) -> Generator:
    """How many days ago the field's day was."""
    today = date.fromisoformat(scope.world.days[-1]) + timedelta(1)
    return lambda row: (today - date.fromisoformat(row.get(args))).days


@named("past")
def _past(args: list[int], scope: Scope) -> Generator:
    """A day in one of the years from the first to the second."""
    odd, low, years = scope.odd(), args[0], args[1] - args[0] + 1

    def make(row: Row) -> str:
        n = row.bits % odd
        return f"{low + n % years}-{1 + (n >> 8) % 12:02d}-{1 + (n >> 16) % 28:02d}"

    return make


@named("months")
def _months(args: str, scope: Scope) -> Generator:
    """The first day of a month: one month for each lap over the other resource's rows.

    The last lap has the month of yesterday.
    """
    laps, own = max(scope.world.counts[args], 1), max(scope.count, 1)
    last = date.fromisoformat(scope.world.days[-1])
    until = last.year * 12 + last.month - 1 - (own - 1) // laps

    def make(row: Row) -> str:
        year, month = divmod(until + row.index // laps, 12)
        return f"{year}-{month + 1:02d}-01"

    return make


@named("month_end")
def _month_end(args: str, _scope: Scope) -> Generator:
    """The last day of the month in which the field's day is."""

    def make(row: Row) -> str:
        within = date.fromisoformat(row.get(args)).replace(day=28) + timedelta(4)
        return (within - timedelta(within.day)).isoformat()

    return make


@named("monthly")
def _monthly(args: str, _scope: Scope) -> Generator:
    """The field's day, later by as many months as this element's place; the 28th at most."""

    def make(row: Row) -> str:
        day = date.fromisoformat(row.get(args))
        years, month = divmod(day.month - 1 + row.position, 12)
        return day.replace(year=day.year + years, month=month + 1, day=min(day.day, 28)).isoformat()

    return make


@named("spelt")
def _spelt(args: list[str], _scope: Scope) -> Generator:
    """`[field, format]`: a day in another spelling, such as `%m/%Y`."""
    name, form = args
    return lambda row: date.fromisoformat(row.get(name)).strftime(form)


@named("moment")
def _moment(args: str, scope: Scope) -> Generator:
    """The field's day with a time of day: yyyy-MM-ddTHH:mm:ss, São Paulo."""
    odd = scope.odd()

    def make(row: Row) -> str:
        n = row.bits % odd
        return f"{row.get(args)}T{7 + n % 12:02d}:{(n >> 8) % 60:02d}:{(n >> 16) % 60:02d}"

    return make


@named("weekday")
def _weekday(args: str, _scope: Scope) -> Generator:
    """The name of the field's day of the week."""
    return lambda row: WEEKDAYS[date.fromisoformat(row.get(args)).weekday()]
