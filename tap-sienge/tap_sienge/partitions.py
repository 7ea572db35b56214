"""The contexts of a stream (SDK: partitions): one for each period, parent's row and choice.

A context holds parameters of requests, in the query or in the path.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tap_sienge.values import Record

FUTURE = 50 * 365
"""Days beyond today that matter where dates may lie ahead: the last instalment of a long loan."""

DAY = "%Y-%m-%d"

PATH = "path"
"""Key of a context that is read at another path than its stream's."""

SINCE = "since"
"""Key of a context that is read since another day than its stream's, None for ever."""


class Period(NamedTuple):
    """The parameters of the periods in which the API demands to be read.

    Years and months are those of the calendar, but for what lies beyond this year, which comes in
    one piece. ``today`` is the position of one day.
    """

    first: str
    last: str = ""
    """Parameter of the last day; none where one parameter names the whole period."""
    size: Literal["year", "month", "all", "today"] = "year"
    ahead: int = 0
    """Days after today that are read."""
    form: str = DAY

    def windows(self, start: date, today: date) -> Iterator[Record]:
        """Give the parameters of each period from ``start`` on, the oldest first."""
        end = today + timedelta(self.ahead)
        if self.size == "today":
            start = end = today
        while start <= end:
            last = min(self._last(start, today), end)
            window = {self.first: start.strftime(self.form)}
            yield window | ({self.last: last.strftime(self.form)} if self.last else {})
            start = last + timedelta(1)

    def _last(self, start: date, today: date) -> date:
        if self.size == "month":
            return start.replace(day=calendar.monthrange(start.year, start.month)[1])
        if self.size == "year" and start.year <= today.year:
            return date(start.year, 12, 31)
        return date.max - timedelta(1)

    def since(self, day: date) -> date:
        """Give the first day of the period of ``day``, where periods cannot be cut."""
        return day.replace(day=1) if self.size == "month" else day

    def changed(self, since: date, today: date, changes: Mapping[str, str]) -> list[Record]:
        """Give the period that, with ``changes``, tells what changed since a day."""
        whole = Period(self.first, self.last, "all")
        return [window | dict(changes) for window in whole.windows(since, today)]


Keys = Mapping[str, str]
"""Parameter → column of the parent, or ``column.field`` for each object of a nested list."""


def of_row(row: Record, keys: Keys, one_of: Sequence[str] = ()) -> Iterator[Record]:
    """Give the contexts that a parent's row stands for: none if it lacks a key.

    Of the parameters in ``one_of``, one with a value is enough.
    """
    lists = {column.split(".")[0] for column in keys.values() if "." in column}
    for element in [item for name in lists for item in row.get(name) or []] or [{}]:
        found = {
            name: element.get(column.split(".")[1]) if "." in column else row.get(column)
            for name, column in keys.items()
        }
        context = {name: value for name, value in found.items() if value is not None}
        missing = found.keys() - context.keys()
        if missing <= set(one_of) and (not one_of or context.keys() & set(one_of)):
            yield context


def joined(contexts: list[Record], size: int) -> list[Record]:
    """Put up to ``size`` contexts of one parameter into one, separated by commas."""
    if size == 1 or not contexts:
        return contexts
    (name,) = contexts[0]
    values = [str(context[name]) for context in contexts]
    return [{name: ",".join(values[place : place + size])} for place in range(0, len(values), size)]


def given(config: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the values that a setting lists for each parameter (parameter → name of the setting)."""
    texts = {parameter: config.get(name, "") for parameter, name in settings.items()}
    return {name: [value.strip() for value in text.split(",")] for name, text in texts.items()}


def chosen(choices: Mapping[str, Sequence[str]], *, undivided: bool = False) -> list[Record]:
    """Give each combination of values; with ``undivided`` also none of them.

    A choice without a value (as of a setting that is not given) leaves nothing to read.
    """
    combinations = [
        dict(zip(choices, values, strict=True)) for values in product(*choices.values())
    ]
    return [found for found in combinations if "" not in found.values()] + [{}] * undivided


def combined(
    owners: Iterable[Record], windows: Iterable[Record], choices: Iterable[Record]
) -> list[Record]:
    """Give a context for each owner (what a parent's row gave), period and choice."""
    return [owner | window | choice for owner, window, choice in product(owners, windows, choices)]


def merged(first: Iterable[Record], others: Iterable[Record]) -> list[Record]:
    """Give the contexts of both, each once, in their order."""
    found: dict[str, Record] = {}
    for context in chain(first, others):
        found.setdefault(repr(context), context)
    return list(found.values())
