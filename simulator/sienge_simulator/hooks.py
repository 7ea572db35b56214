"""Webhooks: registered through the API, told of every change, delivered in the background.

The vendor documents how hooks are read and how events are delivered. That `POST /v1/hooks` takes
url, token and events and answers 201 with the hook, and that `DELETE /v1/hooks/{hookId}` answers
204, is a guess that follows from it.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
from starlette.responses import Response

from .answers import error
from .events import Events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

    from .clock import Clock
    from .rows import Record
    from .spec import Value
    from .store import Store

HOOKS = "/v1/hooks"

EVENT = re.compile("[A-Z]+(_[A-Z]+)+")


@dataclass
class Manners:
    """How events are delivered, as `/_admin/hooks` sets it.

    `duplicates` is the probability that an event is delivered twice; each delivery waits for a
    random time of up to `delay_seconds`, which changes their order.
    """

    retry_minutes: list[float] = field(default_factory=lambda: [10, 30, 60, 180, 300])
    timeout_seconds: float = 2.5
    duplicates: float = 0
    delay_seconds: float = 0
    concurrency: int = 20
    paused: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        self.retry_minutes = [float(minutes) for minutes in self.retry_minutes]
        self.timeout_seconds = float(self.timeout_seconds)
        self.duplicates, self.delay_seconds = float(self.duplicates), float(self.delay_seconds)
        self.concurrency = max(int(self.concurrency), 1)


@dataclass
class Delivery:
    """One event for one hook: waiting, delivered, given_up, or dropped with its hook."""

    id: str
    event: str
    body: Record
    hook: str
    at: float
    duplicate: bool
    state: str = "waiting"
    attempts: list[dict[str, Any]] = field(default_factory=list)


class Hooks:
    """The hooks that were registered, and the events on their way to them."""

    def __init__(self, stores: Mapping[str, Store], clock: Clock, tenant: str) -> None:
        self.stores, self.clock, self.tenant = stores, clock, tenant
        self.store = stores["hooks"]
        self.manners, self.random = Manners(), Random()
        self.registered: list[int] = []
        self.deliveries: list[Delivery] = []
        self.waiting: list[tuple[float, int, Delivery]] = []
        self.order = count()
        self.flying: set[asyncio.Task[None]] = set()
        self.timer: asyncio.TimerHandle | None = None
        self.events: Events
        self.client: httpx.AsyncClient

    def asked(self, method: str, steps: Sequence[str], body: bytes) -> Response:
        """Answer a request that registers (`POST`) or removes (`DELETE`) a hook."""
        match method, steps:
            case "POST", []:
                return self._register(body)
            case "DELETE", [key]:
                if (row := self.store.find(key)) is None:
                    return error(404, "Registro não encontrado")
                self._remove(row)
                return Response(status_code=204)
        return error(405, "Método não permitido")

    def _register(self, body: bytes) -> Response:
        try:
            raw = orjson.loads(body)
        except orjson.JSONDecodeError:
            raw = None
        if not isinstance(raw, dict):
            return error(400, "Corpo inválido")
        if errors := _errors(raw):
            return error(400, "Parâmetros inválidos", errors)
        if not self.registered:
            self._watch()
        self.store.create(1, {name: raw[name] for name in ("url", "token", "events")})
        self.registered.append(self.store.total - 1)
        hook = self.store.record(self.registered[-1])
        return Response(orjson.dumps(hook), 201, media_type="application/json")

    def _remove(self, row: int) -> None:
        self.store.delete([row])
        for *_, delivery in self.waiting:
            if delivery.hook == str(self.store.key(row)):
                delivery.state = "dropped"

    def _watch(self) -> None:
        """Hear of every change from now on: before, none costs anything."""
        import httpx

        self.client = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - the whole of a delivery has one, not its parts
            trust_env=False,
            # A kept connection may be closed just when it is used again.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.events = Events(self.stores)
        for store in self.stores.values():
            store.watch = self._changed

    def _changed(self, store: Store, change: str, rows: Sequence[int], values: Record) -> None:
        wanted = {event for row in self._live() for event in self.store.value(row, "events")}
        if wanted:
            for event, body in self.events.of(store, change, rows, values, wanted):
                self.fire(event, body)

    def _live(self) -> list[int]:
        return [row for row in self.registered if self.store.has(row)]

    def fire(self, event: str, body: Record) -> None:
        """Order the deliveries of an event, one for each hook that wants it."""
        name, now = str(uuid4()), self.clock.now()
        for row in self._live():
            if event not in self.store.value(row, "events"):
                continue
            twice = self.random.random() < self.manners.duplicates
            for duplicate in (False, True)[: 1 + twice]:
                key = str(self.store.key(row))
                self.deliveries.append(Delivery(name, event, body, key, now, duplicate))
                self._wait(self.deliveries[-1], self.random.uniform(0, self.manners.delay_seconds))
        self.send()

    def _wait(self, delivery: Delivery, seconds: float) -> None:
        heappush(self.waiting, (self.clock.now() + seconds, next(self.order), delivery))

    def send(self) -> None:
        """Start every delivery that is due, and look again when the next one is."""
        if self.timer:
            self.timer.cancel()
        loop = asyncio.get_running_loop()
        free = self.manners.concurrency - len(self.flying)
        while self.waiting and free > 0 and not self.manners.paused:
            left = self.waiting[0][0] - self.clock.now()
            if left > 0:
                self.timer = loop.call_later(left, self.send)
                return
            task = loop.create_task(self._deliver(heappop(self.waiting)[-1]))
            self.flying.add(task)
            task.add_done_callback(self._landed)
            free -= 1

    def _landed(self, task: asyncio.Task[None]) -> None:
        self.flying.discard(task)
        self.send()

    async def _deliver(self, delivery: Delivery) -> None:
        row = self.store.find(delivery.hook)
        if row is None:
            delivery.state = "dropped"
            return
        attempt: dict[str, Any] = {"at": self.clock.now(), "done": None, "status": None}
        delivery.attempts.append(attempt)
        try:
            attempt["status"] = await asyncio.wait_for(
                self._post(delivery, row), self.manners.timeout_seconds
            )
        except Exception as failure:  # no answer, for whatever reason
            attempt["error"] = type(failure).__name__
        attempt["done"] = self.clock.now()
        retries = self.manners.retry_minutes
        if attempt["status"] is not None and attempt["status"] // 100 == 2:
            delivery.state = "delivered"
        elif len(delivery.attempts) > len(retries):
            delivery.state = "given_up"
        else:
            self._wait(delivery, retries[len(delivery.attempts) - 1] * 60)

    async def _post(self, delivery: Delivery, row: int) -> int:
        headers = {
            "Authorization": f"Bearer {self.store.value(row, 'token')}",
            "Content-Type": "application/json",
            "x-sienge-tenant": self.tenant,
            "x-sienge-event": delivery.event,
            "x-sienge-hook-id": delivery.hook,
            "x-sienge-id": delivery.id,
        }
        url, content = self.store.value(row, "url"), orjson.dumps(delivery.body)
        return (await self.client.post(url, content=content, headers=headers)).status_code

    def configure(self, manners: dict[str, Any]) -> None:
        """Change how events are delivered; a seed makes the random choices repeatable."""
        self.manners = replace(self.manners, **manners)
        if "seed" in manners:
            self.random = Random(self.manners.seed)
        self.send()

    def status(self, last: int | None = None) -> dict[str, Any]:
        """The settings, the counts and the deliveries, or the last so many of them."""
        states = Counter(delivery.state for delivery in self.deliveries)
        duplicates = sum(delivery.duplicate for delivery in self.deliveries)
        now = self.clock.now()
        return {
            "settings": self.manners,
            "counts": {
                "fired": len(self.deliveries) - duplicates,
                "duplicates": duplicates,
                **{s: states[s] for s in ("delivered", "waiting", "given_up", "dropped")},
                "attempts": sum(len(delivery.attempts) for delivery in self.deliveries),
                "under_way": len(self.flying) + sum(due <= now for due, *_ in self.waiting),
            },
            "events": self.deliveries[-last:] if last else [] if last == 0 else self.deliveries,
        }

    def masked(self, record: Record) -> Record:
        """A true record of a hook, without the token where it is not an invented one."""
        known = self.store.find(str(record["id"])) in self.registered
        return record | ({"token": "***"} if known else {})


def _errors(raw: Record) -> list[dict[str, str]]:
    """What is wrong with a hook to register, field by field."""
    right = {"url": _is_address, "token": _is_token, "events": _are_events}
    return [
        {
            "field": name,
            "message": "is not valid" if raw.get(name) else "parameter is required",
        }
        for name, holds in right.items()
        if not holds(raw.get(name))
    ]


def _is_address(url: Value) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except (AttributeError, TypeError, ValueError):
        return False


def _is_token(token: Value) -> bool:
    return isinstance(token, str) and token.isascii() and token.isprintable() and bool(token)


def _are_events(events: Value) -> bool:
    return (
        isinstance(events, list)
        and bool(events)
        and all(isinstance(event, str) and EVENT.fullmatch(event) for event in events)
    )
