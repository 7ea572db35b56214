"""`/_admin`: what a test may look at and change. Needs no password and is never logged."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from .routes import Shift

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from starlette.requests import Request

    from .api import Api
    from .rows import Record
    from .spec import Value
    from .store import Store

    Handler = Callable[[Request], Awaitable[Response]]


def _json(body: Value, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


class Admin:
    """The admin endpoints of one API."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def routes(self) -> list[Route]:
        """Every endpoint; bad bodies answer 400 with a message."""
        table: list[tuple[str, Handler, str]] = [
            ("/health", self.health, "GET"),
            ("/counts", self.counts, "GET"),
            ("/truth/{resource}", self.truth, "GET"),
            ("/requests", self.requests, "GET"),
            ("/requests", self.forget, "DELETE"),
            ("/usage", self.usage, "GET"),
            ("/usage", self.use, "POST"),
            ("/change", self.change, "POST"),
            ("/faults", self.faults, "GET"),
            ("/faults", self.add_fault, "POST"),
            ("/faults", self.clear_faults, "DELETE"),
            ("/permissions", self.permissions, "POST"),
            ("/shift", self.shift, "POST"),
            ("/shift", self.clear_shifts, "DELETE"),
            ("/clock", self.clock, "POST"),
            ("/hooks", self.hooks, "GET"),
            ("/hooks", self.set_hooks, "POST"),
        ]
        return [
            Route(f"/_admin{path}", _checked(handler), methods=[method])
            for path, handler, method in table
        ]

    async def health(self, _request: Request) -> Response:
        """Alive."""
        return _json({"status": "ok", "now": self.api.clock.moment().isoformat()})

    async def counts(self, request: Request) -> Response:
        """Live rows by resource, of all or of those asked for; children are counted one by one."""
        stores = self.api.stores
        names = request.query_params.getlist("resource")
        shown = [name for name, store in stores.items() if not store.spec.hidden]
        return _json({name: len(stores[name]) for name in names or shown})

    async def truth(self, request: Request) -> Response:
        """Every canonical record of a resource, or the first `limit`, one JSON a line."""
        store = self.api.stores.get(request.path_params["resource"])
        if store is None:
            return _json({"error": "unknown resource"}, 404)
        limit = request.query_params.get("limit")
        records: Iterator[Record] = islice(store.records(), int(limit) if limit else None)
        if store is self.api.hooks.store:
            records = map(self.api.hooks.masked, records)
        return StreamingResponse(_lines(records), media_type="application/x-ndjson")

    async def requests(self, _request: Request) -> Response:
        """The API requests so far, in order of arrival."""
        return _json(self.api.log)

    async def forget(self, _request: Request) -> Response:
        """Empty the log."""
        self.api.log.clear()
        return _json([])

    async def usage(self, _request: Request) -> Response:
        """Today's requests against the plan's quotas."""
        return _json(self.api.limits.usage())

    async def use(self, request: Request) -> Response:
        """Count requests of the company's other integrations."""
        body = await request.json()
        return _json(self.api.limits.use(body.get("rest", 0), body.get("bulk", 0)))

    async def change(self, request: Request) -> Response:
        """Create, update and delete rows, or bring some back."""
        body = await request.json()
        store = self.api.stores.get(body["resource"])
        if store is None:
            raise ValueError("unknown resource")
        values = body.get("set", {})
        unknown = values.keys() - {f.name for f in store.spec.fields + store.spec.detail}
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        update, delete = _targets(store, body)
        if restore := body.get("restore"):
            return _json({"restored": store.restore(restore)})
        return _json(
            {
                "updated": store.update(update, values),
                "deleted": store.delete(delete),
                "created": store.create(body.get("create", 0), values),
            }
        )

    async def faults(self, _request: Request) -> Response:
        """The faults still to come."""
        return _json(self.api.faults.list())

    async def add_fault(self, request: Request) -> Response:
        """Order a fault, or a list of them."""
        body = await request.json()
        for fault in body if isinstance(body, list) else [body]:
            self.api.faults.add(fault)
        return _json(self.api.faults.list())

    async def clear_faults(self, _request: Request) -> Response:
        """Cancel the faults still to come."""
        self.api.faults.waiting.clear()
        return _json([])

    async def permissions(self, request: Request) -> Response:
        """Refuse paths with a status; null allows them again."""
        for prefix, status in (await request.json()).items():
            self.api.permissions.pop(prefix, None)
            if status is not None:
                self.api.permissions[prefix] = int(status)
        return _json(self.api.permissions)

    async def shift(self, request: Request) -> Response:
        """Order changes in the middle of a read."""
        self.api.routes.shifts.append(Shift(**await request.json()))
        return _json({"waiting": len(self.api.routes.shifts)})

    async def clear_shifts(self, _request: Request) -> Response:
        """Cancel the changes still to come."""
        self.api.routes.shifts.clear()
        return _json({"waiting": 0})

    async def clock(self, request: Request) -> Response:
        """Move the clock forward."""
        self.api.clock.shift += float((await request.json())["advance_seconds"])
        self.api.hooks.send()
        return _json({"now": self.api.clock.moment().isoformat()})

    async def hooks(self, request: Request) -> Response:
        """How events are delivered, and every delivery or the last `limit`."""
        limit = request.query_params.get("limit")
        return _json(self.api.hooks.status(int(limit) if limit else None))

    async def set_hooks(self, request: Request) -> Response:
        """Change how events are delivered; `fire` has events that no change of a row is."""
        body = await request.json()
        fired = body.pop("fire", [])
        self.api.hooks.configure(body)
        for event in fired:
            self.api.hooks.fire(event["event"], event["body"])
        return _json(self.api.hooks.status(0))


def _targets(store: Store, body: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Rows to update and to delete: those of `ids` first in that order, or ones it chooses."""
    update, delete = body.get("update", 0), body.get("delete", 0)
    ids = body.get("ids")
    if ids is None:
        chosen = store.some(update + delete, set())
        return chosen[delete:], chosen[:delete]
    rows = [
        store.locate([str(part) for part in key]) if isinstance(key, list) else store.find(str(key))
        for key in ids
    ]
    if None in rows:
        raise ValueError("no such id")
    known = [row for row in rows if row is not None]
    if delete and not update:
        return [], known
    return (known[:update], known[update:]) if delete else (known, [])


async def _lines(records: Iterator[Record]) -> AsyncIterator[bytes]:
    chunk: list[bytes] = []
    for record in records:
        chunk.append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        if len(chunk) == 500:
            yield b"".join(chunk)
            chunk.clear()
            await asyncio.sleep(0)
    yield b"".join(chunk)


def _checked(handler: Handler) -> Handler:
    async def endpoint(request: Request) -> Response:
        try:
            return await handler(request)
        except (KeyError, TypeError, ValueError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint
