"""The simulated API: who may ask, what goes wrong, and what is answered."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request

from . import query
from .answers import BLIND, answer, error, html, paged, spoiled
from .bulk import ASYNC, Bulk, Jobs
from .children import Children
from .faults import Fault, Faults, under
from .filters import kept_parts
from .hooks import HOOKS, Hooks
from .limits import Limits, RefusedError
from .store import Store
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from .clock import Clock
    from .rows import Record
    from .spec import Path, ResourceSpec
    from .world import World

HANG_SECONDS = 3600

TOGETHER = 0.002
"""Seconds in which requests that arrive together are all noticed, before any is answered."""


@dataclass
class Settings:
    """What the command line decides about the API."""

    subdomain: str
    username: str
    password: str
    plan: str = "infinity"
    requests_per_minute: int = 200
    bulk_per_minute: int = 20
    latency_ms: int = 0
    bulk_chunk_rows: int = 0
    bulk_polls: int = 1
    quirks: bool = True
    dirty: bool = False
    remember: int = 0


@dataclass
class Shift:
    """Changes to make to a resource while it is being read (`/_admin/shift`)."""

    path: str
    after_requests: int
    create: int = 0
    delete: int = 0


class Api:
    """Answers requests below `/{subdomain}/public/api`."""

    def __init__(self, world: World, clock: Clock, settings: Settings, base_url: str) -> None:
        self.settings, self.clock, self.specs = settings, clock, world.specs
        self.stores: dict[str, Store] = {}
        for name in world.tables:
            self._store(name, world)
        self.wires = {
            name: Wire(spec, base_url, quirks=settings.quirks, dirty=settings.dirty)
            for name, spec in world.specs.items()
        }
        self.limits = Limits(
            clock, settings.plan, settings.requests_per_minute, settings.bulk_per_minute
        )
        self.faults = Faults()
        self.jobs = Jobs(clock, settings.bulk_chunk_rows, settings.bulk_polls)
        self.hooks = Hooks(self.stores, clock, settings.subdomain)
        self.shifts: list[Shift] = []
        self.answers: dict[tuple[Any, ...], Response] = {}
        self.permissions: dict[str, int] = {}
        self.log: list[dict[str, Any]] = []
        self.prefix = f"/{settings.subdomain}/public/api"
        paths = [(spec, path) for spec in world.specs.values() for path in spec.paths]
        paths.sort(key=lambda p: p[1].path.count("{"))
        self.routes = [
            (re.compile(re.sub(r"\{\w+\}", "([^/]+)", path.path)), spec, path)
            for spec, path in paths
        ]
        pair = f"{settings.username}:{settings.password}".encode()
        self.token = "Basic " + base64.b64encode(pair).decode()

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

    async def handle(self, request: Request) -> Response:
        """Answer one request and log it."""
        whole: str = request.scope["path"]
        path = whole.removeprefix(self.prefix)
        entry = {
            "at": self.clock.now(),
            "done": None,
            "method": request.method,
            "path": path,
            "query": request.url.query,
            "status": None,
            "bulk": under(path, "/bulk-data"),
        }
        self.log.append(entry)
        clock = asyncio.get_running_loop()
        ready = clock.time() + self.settings.latency_ms / 1000
        if self.settings.latency_ms:
            await asyncio.sleep(TOGETHER)  # else computing one answer would delay the next's start
        if whole == path:
            response = html(404, "404 Not Found")
        else:
            response = await self._guarded(request, path)
        await asyncio.sleep(max(ready - clock.time(), 0.0))
        entry |= {"done": self.clock.now(), "status": response.status_code}
        return response

    async def _guarded(self, request: Request, path: str) -> Response:
        if request.headers.get("authorization") != self.token:
            return error(
                401,
                "Usuário ou senha inválidos",
                headers={"WWW-Authenticate": 'Basic realm="Sienge"'},
            )
        bulk = under(path, "/bulk-data")
        try:
            self.limits.take(bulk)
        except RefusedError as refused:
            after = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
            response = error(429, "Limite de requisições excedido", headers=after)
        else:
            response = await self._spoiled(request, path)
        if bulk:
            response.headers.update(self.limits.headers())
        return response

    async def _spoiled(self, request: Request, path: str) -> Response:
        fault = self.faults.take(path, request.query_params)
        if fault and fault.has("latency", "hang"):
            await self._wait(request, fault)
        if fault and fault.kind in BLIND:
            return BLIND[fault.kind](fault)
        if fault and fault.has("no_offset"):
            kept = [(name, v) for name, v in request.query_params.multi_items() if name != "offset"]
            request = Request({**request.scope, "query_string": urlencode(kept).encode()})
        body = b"" if request.method == "GET" else await request.body()
        response = self._answer(request, path, body)
        if isinstance(response, Bulk) and request.query_params.get("_async") == "true":
            size = request.query_params.get("_asyncChunkMaxSize", "")
            response = answer(self.jobs.order(response, size, fault))
        return spoiled(response, fault) if fault else response

    @staticmethod
    async def _wait(request: Request, fault: Fault) -> None:
        """Hold the answer back: for `latency_ms`, and a hang without it until the client goes."""
        seconds = fault.latency_ms / 1000
        if fault.kind == "latency" or seconds:
            await asyncio.sleep(seconds)
            return
        for _ in range(HANG_SECONDS * 10):
            if await request.is_disconnected():
                return
            await asyncio.sleep(0.1)

    def _answer(self, request: Request, path: str, body: bytes) -> Response:
        for prefix, status in self.permissions.items():
            if under(path, prefix) and status == 404:
                return html(404, "404 Not Found")
            if under(path, prefix):
                return error(status, "Usuário de API sem acesso a este recurso")
        if request.method != "GET" and under(path, HOOKS):
            return self.hooks.asked(request.method, path.removeprefix(HOOKS).split("/")[1:], body)
        if request.method != "GET":
            return error(405, "Método não permitido")
        if under(path, ASYNC):
            return self._job(path.removeprefix(ASYNC).split("/")[1:])
        for pattern, spec, described in self.routes:
            if match := pattern.fullmatch(path):
                self._shift(path, spec)
                try:
                    return self._remembered(spec, described, match.groups(), request)
                except query.BadRequestError as bad:
                    return error(400, "Parâmetros inválidos", bad.errors)
        return html(404, "404 Not Found")

    def _job(self, steps: list[str]) -> Response:
        """A poll (`/{id}`) or a chunk of the result (`/{id}/result/{chunk}`)."""
        match steps:
            case [name] if found := self.jobs.poll(name):
                return answer(found)
            case [name, "result", chunk] if part := self.jobs.result(name, chunk):
                return part
        return error(404, "Processamento não encontrado")

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
        if not self.settings.remember:
            return self._read(spec, path, keys, request)
        changes = sum(store.version for store in self.stores.values())
        asked = (changes, self.clock.today(), path.path, keys, request.url.query)
        if asked not in self.answers:
            while len(self.answers) >= self.settings.remember:
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
