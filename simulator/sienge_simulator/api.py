"""The simulated API: who may ask, what goes wrong, and what is answered."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request

from .answers import BLIND, answer, error, html, spoiled
from .bulk import ASYNC, Bulk, Jobs
from .faults import Fault, Faults, under
from .hooks import HOOKS, Hooks
from .limits import Limits, RefusedError
from .routes import Routes
from .wire import Wire

if TYPE_CHECKING:
    from starlette.responses import Response

    from .clock import Clock
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


class Api:
    """Answers requests below `/{subdomain}/public/api`."""

    def __init__(self, world: World, clock: Clock, settings: Settings, base_url: str) -> None:
        self.settings, self.clock = settings, clock
        wires = {
            name: Wire(spec, base_url, quirks=settings.quirks, dirty=settings.dirty)
            for name, spec in world.specs.items()
        }
        self.routes = Routes(world, clock, wires, settings.remember)
        self.stores = self.routes.stores
        self.limits = Limits(
            clock, settings.plan, settings.requests_per_minute, settings.bulk_per_minute
        )
        self.faults = Faults()
        self.jobs = Jobs(clock, settings.bulk_chunk_rows, settings.bulk_polls)
        self.hooks = Hooks(self.stores, clock, settings.subdomain)
        self.permissions: dict[str, int] = {}
        self.log: list[dict[str, Any]] = []
        self.prefix = f"/{settings.subdomain}/public/api"
        pair = f"{settings.username}:{settings.password}".encode()
        self.token = "Basic " + base64.b64encode(pair).decode()

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
        return self.routes.get(path, request) or html(404, "404 Not Found")

    def _job(self, steps: list[str]) -> Response:
        """A poll (`/{id}`) or a chunk of the result (`/{id}/result/{chunk}`)."""
        match steps:
            case [name] if found := self.jobs.poll(name):
                return answer(found)
            case [name, "result", chunk] if part := self.jobs.result(name, chunk):
                return part
        return error(404, "Processamento não encontrado")
