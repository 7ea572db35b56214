"""The whole invented company: every table, compiled from the resource descriptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from . import dates, figures, instalments, nested, pools, references
from .generators import REGISTRY, Scope, compile_generator
from .mix import mix, salt
from .nested import kin
from .rows import Generator, Maker, Record, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from .spec import Field, Make, ResourceSpec

START = date(2021, 1, 4)
"""The first day of the invented history."""

__all__ = ["START", "World", "dates", "figures", "instalments", "nested", "references"]


class World:
    """Tables by resource name. `today` closes the history: it ends the day before."""

    def __init__(
        self,
        specs: dict[str, ResourceSpec],
        counts: dict[str, int],
        seed: int,
        today: str,
        subdomain: str,
    ) -> None:
        self.specs, self.counts, self.subdomain = specs, counts, subdomain
        self.pools: dict[str, list[Any]] = pools.build(seed)
        span = (date.fromisoformat(today) - START).days
        self.days = [(START + timedelta(n)).isoformat() for n in range(max(span, 1))]
        self.tables = {name: Table(spec, seed, counts[name]) for name, spec in specs.items()}
        for name, table in self.tables.items():
            if table.spec.parent:
                table.parent = self.tables[table.spec.parent.resource]
                table.children = self.children(table.spec.parent.count, Scope(self, name, "count"))
            own, more = table.spec.fields, table.spec.detail
            table.maker = self.maker(own, Scope(self, name, ""))
            table.detail = self.maker(own + more, Scope(self, name, "")) if more else table.maker

    @staticmethod
    def children(count: Make, scope: Scope) -> Generator:
        """Compile the number of children: a field of the owner's or a generator."""
        if isinstance(count, str) and count not in REGISTRY:
            return compile_generator({"get": count}, scope)
        return compile_generator(count, scope)

    def maker(self, fields: list[Field], scope: Scope) -> Maker:
        """Compile one level of fields."""
        return Maker(fields, {f.name: self.generator(f, scope.deeper(f.name)) for f in fields})

    def generator(self, field: Field, scope: Scope) -> Generator:
        """Compile a field, with those nested in it."""
        if not field.fields or field.make.keys() & {"get", "from"}:
            return compile_generator(field.make, scope)
        maker = self.maker(field.fields, scope)
        own = salt(f"{scope.resource}.{scope.path}")
        if "of" in field.make:
            return _relatives(maker, kin(field.make["of"], scope), own)
        if field.type == "object":
            return _nested(maker, field.make.get("when"), own)
        return _elements(maker, compile_generator(field.make.get("count", 1), scope), own)


def _nested(maker: Maker, when: list[Any] | None, own: int) -> Generator:
    """An object, null where `when: [field, value]` does not hold."""

    def make(row: Row) -> Record | None:
        if when and row.get(when[0]) != when[1]:
            return None
        return maker.build(Row(row.index, row.bits ^ own, maker.generators, row.born, row))

    return make


def _relatives(maker: Maker, find: Callable[[Row], list[Row]], own: int) -> Generator:
    """An array with an object for each of the rows found below the owner, set inside of it."""

    def make(row: Row) -> list[Record]:
        found = find(row.parent) if row.parent else []
        return [
            maker.build(Row(r.index, r.bits ^ own, maker.generators, r.born, r, n, len(found)))
            for n, r in enumerate(found)
        ]

    return make


def _elements(maker: Maker, count: Generator, own: int) -> Generator:
    """An array of as many objects as `count` says."""

    def make(row: Row) -> list[Record]:
        size = count(row)
        return [
            maker.build(
                Row(row.index, mix((row.bits ^ own) + n), maker.generators, row.born, row, n, size)
            )
            for n in range(size)
        ]

    return make
