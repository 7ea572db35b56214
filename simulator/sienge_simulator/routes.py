"""The paths of the API, and what a GET of each answers from the rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import query
from .answers import answer, error, paged
from .bulk import Bulk
from .children import Children
from .faults import under
from .filters import kept_parts
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from .clock import Clock
    from .rows import Record
    from .spec import Path, ResourceSpec
    from .wire import Wire
    from .world import World


@dataclass
class Shift:
    """Changes to make to a resource while it is being read (`/_admin/shift`)."""

    path: str
    after_requests: int
    create: int = 0
    delete: int = 0


class Routes:
    """The rows of all resources, and their answers; the last ``remember`` of them are kept."""

    def __init__(
        self, world: World, clock: Clock, wires: Mapping[str, Wire], remember: int = 0
    ) -> None:
        self.clock, self.wires, self.remember = clock, wires, remember
        self.stores: dict[str, Store] = {}
        for name in world.tables:
            self._store(name, world)
        self.shifts: list[Shift] = []
        self.answers: dict[tuple[Any, ...], Response] = {}
        paths = [(spec, path) for spec in world.specs.values() for path in spec.paths]
        paths.sort(key=lambda p: p[1].path.count("{"))
        self.paths = [
            (re.compile(re.sub(r"\{\w+\}", "([^/]+)", path.path)), spec, path)
            for spec, path in paths
        ]

    def _store(self, name: str, world: World) -> Store:
        if name not in self.stores:
            table = world.tables[name]
            parent = table.spec.parent
            self.stores[name] = (
                Children(table, self.clock, self._store(parent.resource, world), parent)
                if parent
                else Store(table, self.clock)
            )
        return self.stores[name]

    def get(self, path: str, request: Request) -> Response | None:
        """Answer; None where the API has no such path."""
        for pattern, spec, described in self.paths:
            if match := pattern.fullmatch(path):
                self._shift(path, spec)
                try:
                    return self._remembered(spec, described, match.groups(), request)
                except query.BadRequestError as bad:
                    return error(400, "Parâmetros inválidos", bad.errors)
        return None

    def _shift(self, path: str, spec: ResourceSpec) -> None:
        """Make the changes ordered for the requests before this one."""
        for shift in [s for s in self.shifts if under(path, s.path)]:
            if shift.after_requests > 0:
                shift.after_requests -= 1
                continue
            self.shifts.remove(shift)
            store = self.stores[spec.name]
            while isinstance(store, Children):  # they change only with their owner
                store = store.parents
            store.delete(store.some(shift.delete, set()))
            store.create(shift.create, {})

    def _remembered(
        self, spec: ResourceSpec, path: Path, keys: tuple[str, ...], request: Request
    ) -> Response:
        """The answer, from memory if it was given before and nothing changed since."""
        if not self.remember:
            return self._read(spec, path, keys, request)
        changes = sum(store.version for store in self.stores.values())
        asked = (changes, self.clock.today(), path.path, keys, request.url.query)
        if asked not in self.answers:
            while len(self.answers) >= self.remember:
                del self.answers[next(iter(self.answers))]
            self.answers[asked] = self._read(spec, path, keys, request)
        return self.answers[asked]

    def _read(
        self, spec: ResourceSpec, path: Path, keys: tuple[str, ...], request: Request
    ) -> Response:
        store, pairs = self.stores[spec.name], request.query_params.multi_items()
        asked = query.read(path, keys, pairs, self.stores)
        rows: Sequence[int]
        known = True
        if path.key:
            index = store.locate((*keys, *asked.owner))
            rows = [] if index is None else [index]
        elif isinstance(store, Children) and not path.by and (keys or asked.owner):
            beneath = store.beneath((*keys, *asked.owner))
            known = beneath is not None or not (keys or path.missing == "owner")
            rows = [
                i
                for i in beneath or ()
                if all(one.test(store.value(i, one.field)) for one in asked.filters)
            ]
        else:
            rows = store.select(asked.filters, asked.name)
        single = path.key or path.missing is True or path.by or path.shape == "object"
        if not known or (single and not rows):
            return error(404, "Registro não encontrado")
        if path.shape == "object":
            return answer(self._row(spec, path, rows[0], detail=True))
        optional = spec.optional
        drop = (
            optional["fields"]
            if optional and request.query_params.get(optional["param"]) != optional["value"]
            else ()
        )
        if path.shape == "data":
            parts = [one for one in asked.filters if one.part]

            def row(index: int) -> Record | None:
                record = self._row(spec, path, index, drop)
                return kept_parts(record, parts, lambda name: store.value(index, name))

            if all(row(index) is None for index in rows):
                return error(404, "Nenhum registro encontrado no período")
            return Bulk(rows, row, path.wrap)
        if path.shape == "array":
            return answer([self._row(spec, path, i, drop) for i in rows])
        page = store.page(rows, asked.offset, asked.limit)
        return paged([self._row(spec, path, i, drop) for i in page], len(rows), asked)

    def _row(
        self,
        spec: ResourceSpec,
        path: Path,
        index: int,
        drop: Sequence[str] = (),
        *,
        detail: bool = False,
    ) -> Record:
        store = self.stores[spec.name]
        record = store.record(index, detail=detail)
        # Elements of an exploded array are apart in the truth only.
        more = store.owners(index) if spec.explode else store.context(index, record)
        bits = store.table.row(index).bits
        record = self.wires[spec.name].answer(record, index, bits, more)
        for name in drop:
            del record[name]
        return {name: record[name] for name in path.only} if path.only else record
