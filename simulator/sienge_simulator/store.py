"""The rows as they are now: the born table, what was created, changed and deleted since."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .clock import Clock
    from .filters import Filter
    from .rows import Record, Table
    from .spec import Make, Value

    Watch = Callable[["Store", str, Sequence[int], Record], None]


class Store:
    """One resource with its changes. Rows are named by index, in the order of their birth."""

    depth = 0
    """How many keys lead to the owner of a row."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self.table, self.spec, self.clock = table, table.spec, clock
        self.born: list[str] = []
        self.changed: dict[int, Record] = {}
        self.deleted: set[int] = set()
        self.version = 0
        self.watch: Watch | None = None
        self._cache: dict[Any, Sequence[int]] = {}
        self._keys: dict[str, int] = {}
        self._groups: dict[Any, dict[str, list[int]]] = {}
        makes = {f.name: f.make for f in self.spec.fields}
        key = makes.get(self.spec.key[0]) if len(self.spec.key) == 1 else None
        self._first_key = key.get("key") if isinstance(key, dict) else None
        self._slack = {name: _slack(make, makes) for name, make in makes.items()}

    def __len__(self) -> int:
        if self.spec.explode:
            return sum(1 for _ in self.records())
        return self._live()

    def _live(self) -> int:
        return self.total - len(self.deleted)

    @property
    def state(self) -> object:
        """Something else after every change."""
        return self.version

    @property
    def total(self) -> int:
        """Rows ever born, the deleted ones included."""
        return self.table.count + len(self.born)

    def _born(self, index: int) -> str | None:
        return self.born[index - self.table.count] if index >= self.table.count else None

    def value(self, index: int, name: str) -> Value:
        """One field of a row as it is now; `#` is its index, `*` a function giving any field."""
        if name == "#":
            return index
        if name == "*":
            return lambda field: self.value(index, field)
        changes = self.changes(index)
        if name in changes:
            return changes[name]
        return self.table.value(index, name, self._born(index))

    def changes(self, index: int) -> Record:
        """The fields of a row which are no longer as they were born."""
        return self.changed.get(index, {})

    def record(self, index: int, *, detail: bool = False) -> Record:
        """The canonical record as it is now."""
        record = self.table.record(index, self._born(index), detail=detail)
        for name, value in self.changes(index).items():
            if name in record:
                record[name] = value
        return record

    def rows(self) -> Iterable[int]:
        """Every live row, oldest first."""
        return self.select([], "")

    def records(self) -> Iterator[Record]:
        """Every canonical record, oldest first, with the parameters it is read by."""
        for index in self.rows():
            for record in _exploded(self.record(index), self.spec.explode):
                yield self.context(index, record) | record

    def context(self, index: int, record: Record) -> Record:
        """The parameters a row is read by: its owners' keys and the description's `context`."""
        return self.owners(index) | {
            param: reduce(lambda part, step: part[step], name.split("."), record)
            if "." in name
            else self.value(index, name)
            for param, name in self.spec.context.items()
        }

    def owners(self, _index: int) -> Record:
        """The keys of a row's owners, by parameter."""
        return {}

    def key(self, index: int) -> Value:
        """The row's key as the API's paths spell it: a compound key joined by underlines."""
        parts = [self.value(index, name) for name in self.spec.key]
        return parts[0] if len(parts) == 1 else "_".join(map(str, parts))

    def locate(self, keys: Sequence[str]) -> int | None:
        """The live row to which the keys of a path lead, its owners' first."""
        return self.find("_".join(keys))

    def has(self, index: int) -> bool:
        """Whether the row is there."""
        return 0 <= index < self.total and index not in self.deleted

    def find(self, key: str) -> int | None:
        """The live row with this key."""
        key = key.strip()
        if self._first_key is not None:
            index = int(key) - self._first_key if key.isdigit() else -1
            return index if self.has(index) else None
        if len(self._keys) != self.total:
            self._keys = {str(self.key(index)): index for index in range(self.total)}
        found = self._keys.get(key)
        return None if found in self.deleted else found

    def select(self, filters: list[Filter], name: str) -> Sequence[int]:
        """Live rows which pass every filter, ascending; `name` tells the filters apart."""
        if fast := next((one for one in filters if one.indexed), None):
            return [
                index
                for index in self._indexed(fast)
                if all(one.test(self.value(index, one.field)) for one in filters)
            ]
        slot = (self.state, name)
        if slot not in self._cache:
            self._cache = {k: v for k, v in self._cache.items() if k[0] == self.state}
            self._cache[slot] = self._select(filters)
        return self._cache[slot]

    def _indexed(self, one: Filter) -> list[int]:
        """The rows whose field is one of those wanted, by an index made at the first question."""
        slot = (self.state, one.field)
        if slot not in self._groups:
            self._groups = {k: v for k, v in self._groups.items() if k[0] == self.state}
            groups = self._groups[slot] = {}
            for index in self.rows():
                groups.setdefault(str(self.value(index, one.field)), []).append(index)
        return sorted(i for text in one.wanted for i in self._groups[slot].get(text, []))

    def _select(self, filters: list[Filter]) -> Sequence[int]:
        low, high = 0, self.total
        rest: list[tuple[Filter, range]] = []  # with the rows that surely pass
        for one in filters:
            slack = self._slack.get(one.field) if one.low or one.high else None
            if slack is None:
                rest.append((one, range(0)))
                continue
            source, days = slack
            at = self._at(source)
            if one.low:
                low = max(low, bisect_left(range(self.total), before(one.low, days), key=at))
                sure = range(bisect_left(range(self.total), one.low, key=at), self.total)
            elif one.high:
                high = min(high, bisect_right(range(self.total), one.high, key=at))
                last = before(one.high, days)
                sure = range(bisect_right(range(self.total), last, key=at))
            if days:
                rest.append((one, sure))
        base = range(low, max(low, high))
        touched = self.deleted | self.changed.keys() if filters else self.deleted
        if not rest and not touched:
            return base
        chosen = [
            i
            for i in base
            if i not in touched
            and all(i in sure or one.test(self.value(i, one.field)) for one, sure in rest)
        ]
        if filters:
            again = [
                i
                for i in self.changed.keys() - self.deleted
                if all(one.test(self.value(i, one.field)) for one in filters)
            ]
            chosen = sorted(chosen + again)
        return chosen

    def _at(self, name: str) -> Callable[[int], Any]:
        return lambda index: self.table.value(index, name, self._born(index))

    def page(self, rows: Sequence[int], offset: int, limit: int) -> Sequence[int]:
        """The rows of one page, in the order of the resource."""
        if self.spec.order == "asc":
            return rows[offset : offset + limit]
        end = max(len(rows) - offset, 0)
        return rows[max(end - limit, 0) : end][::-1]

    def create(self, number: int, values: Record) -> list[Any]:
        """New rows, born today; returns their keys."""
        self.version += 1
        first = self.total
        self.born += [self.clock.today()] * number
        if values:
            self.changed |= {index: dict(values) for index in range(first, self.total)}
        return self._told("created", range(first, self.total), values)

    def update(self, rows: Sequence[int], values: Record) -> list[Any]:
        """Change rows, today: the values given or, without any, a visible field.

        What only the by-id read tells changes without a trace in the list.
        """
        self.version += 1
        listed = not values or not values.keys() <= {f.name for f in self.spec.detail}
        for index in rows:
            changes = values or {self.spec.touch: self._touched(index)}
            stamp = {
                name: self.clock.moment().isoformat()
                if name in self._moments
                else self.clock.today()
                for name in self.spec.modified
                if listed
            }
            self.changed[index] = self.changed.get(index, {}) | stamp | changes
        return self._told("updated", rows, values)

    @property
    def _moments(self) -> set[str]:
        return {f.name for f in self.spec.fields if f.type == "date-time"}

    def _touched(self, index: int) -> str:
        before = str(self.value(index, self.spec.touch) or "Registro").split(" (alterado ")[0]
        return f"{before} (alterado {self.version})"

    def delete(self, rows: Sequence[int]) -> list[Any]:
        """Remove rows; returns their keys."""
        self.version += 1
        self.deleted |= set(rows)
        return self._told("deleted", rows, {})

    def restore(self, number: int) -> list[Any]:
        """Bring back rows that were removed; returns their keys."""
        self.version += 1
        rows = sorted(self.deleted)[:number]
        self.deleted -= set(rows)
        return self._told("restored", rows, {})

    def _told(self, change: str, rows: Sequence[int], values: Record) -> list[Any]:
        """The keys of rows that changed, once `watch` has heard of it."""
        if self.watch:
            self.watch(self, change, rows, values)
        return [self.key(index) for index in rows]

    def some(self, number: int, avoid: set[int]) -> list[int]:
        """That many live rows: the first in the order of the resource, without those to avoid."""
        rows = self.select([], "")
        ordered = reversed(rows) if self.spec.order == "desc" else iter(rows)
        found: list[int] = []
        while len(found) < number and (index := next(ordered, None)) is not None:
            if index not in avoid:
                found.append(index)
        return found


def _exploded(record: Record, path: str) -> Iterator[Record]:
    """The record once for each element of the array, which stands there in the array's place."""
    if not path:
        yield record
        return
    name, _, rest = path.partition(".")
    inner = record[name]
    parts = inner if isinstance(inner, list) else _exploded(inner, rest)
    yield from (record | {name: part} for part in parts)


def before(day: str, days: int) -> str:
    """The day so many days earlier."""
    return (date.fromisoformat(day) - timedelta(days)).isoformat()


def _slack(make: Make, makes: dict[str, Any]) -> tuple[str, int] | None:
    """For a field of days: the never-decreasing field behind it, and how far it may lag."""
    if _ascends(make):
        return next(n for n, m in makes.items() if m == make), 0
    if isinstance(make, dict) and "lag" in make:
        source, _percent, days = make["lag"]
        if _ascends(makes.get(source)):
            return source, days
    return None


def _ascends(make: Make) -> bool:
    return make == "timeline" or (isinstance(make, dict) and "timeline" in make)
