"""The contexts of a stream (SDK: partitions): one for each period, parent's row and choice.

A context holds parameters of requests, in the query or in the path.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tap_sienge.row_schema import EXTRA, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tap_sienge.values import Record

NO_KEY = (dict, list, type(None))

FUTURE = 50 * 365
"""Days beyond today that matter where dates may lie ahead: the last instalment of a long loan."""

DAY = "%Y-%m-%d"

PATH = "path"
"""Key of a context that is read at another path than its stream's."""

PARAMETER = re.compile(r"\{(\w+)\}")
"""A parameter in a path."""

SINCE = "since"
"""Key of a context that is read from another day on than its stream's; None: from the beginning."""


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
    for element in [item for item in _objects(row, keys) if isinstance(item, dict)] or [{}]:
        found = {
            name: element.get(column.split(".")[1]) if "." in column else row.get(column)
            for name, column in keys.items()
        }
        context = {name: value for name, value in found.items() if not isinstance(value, NO_KEY)}
        missing = found.keys() - context.keys()
        if missing <= set(one_of) and (not one_of or context.keys() & set(one_of)):
            yield context


class ParentRows:
    """What a stream's contexts come from: the rows of its parents that came in a run."""

    def __init__(self, one_of: Sequence[str]) -> None:
        """Take the parameters of which one is enough."""
        self._one_of = one_of
        self.contexts: dict[tuple[Any, ...], Record] = {}
        """The contexts that these rows give, by their values."""
        self.lacking: Counter[tuple[str, str]] = Counter()
        """How many rows of a parent lack a column."""
        self.unreadable = 0
        """How many rows have something else in that column, which is no key."""

    def why_none(self, statuses: Mapping[str, str | None], *, full: bool) -> str | None:
        """Say why no context came of them: by how the parents ended, or the column they lack."""
        missing = [parent for parent, status in statuses.items() if status != "ok"]
        if missing or not statuses:
            names = ", ".join(missing) or "recurso algum que esteja selecionado"
            return f"nenhum código veio de {names}"
        for (parent, column), times in self.lacking.most_common(1) if full else ():
            return f"{times} registros de {parent} não trazem {column}"
        return None

    def doubts(self) -> list[str]:
        """Say of how many rows nothing could be requested, as their key is unreadable."""
        if not self.unreadable:
            return []
        return [
            f"{self.unreadable} registros de que depende vieram sem código legível, e o que é "
            "deles não foi lido"
        ]

    def contexts_of(
        self, parent: str, row: Record, keys: Keys, primary_keys: Sequence[str]
    ) -> list[Record]:
        """Give the contexts that a row stands for; one without its primary key is unreadable."""
        columns = dict.fromkeys(column.split(".")[0] for column in keys.values())
        lacking = [column for column in columns if row.get(column) is None]
        if lacking and not self._one_of:
            self.lacking[parent, lacking[0]] += 1
            misfits = {snake_case(name) for name in row.get(EXTRA) or ()}
            self.unreadable += not misfits.union(primary_keys).isdisjoint(lacking)
        fields = [column.split(".")[1] for column in keys.values() if "." in column]
        self.unreadable += sum(
            not isinstance(item, dict) or any(isinstance(item.get(f), (dict, list)) for f in fields)
            for item in _objects(row, keys)
        )
        return list(of_row(row, keys, self._one_of))


def asked_last(contexts: list[Record], last: list[Record]) -> list[Record]:
    """Give contexts in their order, but those of ``last`` behind all others."""
    known = set(map(repr, last))
    return [context for context in contexts if repr(context) not in known] + last


def fills_path(path: str, context: Record) -> bool:
    """Whether a context has each parameter of the path at which it is read."""
    return {*PARAMETER.findall(str(context.get(PATH, path)))} <= context.keys()


def _objects(row: Record, keys: Keys) -> list[Any]:
    """Give the elements of a row's list, if the keys are in one."""
    lists = {column.split(".")[0] for column in keys.values() if "." in column}
    return [item for name in lists for item in row.get(name) or []]


def joined(contexts: list[Record], size: int) -> list[Record]:
    """Put up to ``size`` contexts of one parameter into one, separated by commas."""
    if size == 1 or not contexts:
        return contexts
    (name,) = contexts[0]
    values = [str(context[name]) for context in contexts]
    return [{name: ",".join(values[place : place + size])} for place in range(0, len(values), size)]


def setting_values(config: Mapping[str, Any], settings: Mapping[str, str]) -> dict[str, list[str]]:
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
