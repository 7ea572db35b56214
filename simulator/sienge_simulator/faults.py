"""Faults ordered through `/_admin/faults`, and answers that a broken network would give."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from .rows import Record
    from .spec import Value

KINDS = (
    "status",
    "latency",
    "drip",
    "truncate",
    "html",
    "hang",
    "error_body",
    "body",
    "empty_body",
    "empty_list",
    "invalid_json",
    "reset",
    "replace",
    "reverse",
    "metadata",
    "cap",
    "no_offset",
    "bare",
    "wrap",
    "chunks",
    "job_failed",
)

TRANSPORTS: dict[tuple[str, int], asyncio.Transport] = {}
"""Open connections by the client's address, so that a fault can break them."""


def under(path: str, prefix: str) -> bool:
    """Whether an API path is the prefix or lies below it; an empty prefix covers everything."""
    prefix = prefix.rstrip("/")
    return not prefix or path == prefix or path.startswith(prefix + "/")


@dataclass
class Fault:
    """What goes wrong: in `count` requests under `path`, after `skip` which pass unharmed.

    `offset` limits it to the requests for that page, `query` to those with these parameters;
    `also` are more kinds that spoil the same answer. simulator/README.md tells what the other
    fields mean for each kind.
    """

    path: str
    kind: str
    also: list[str] = field(default_factory=list)
    status: int | None = None
    count: int = 1
    skip: int = 0
    offset: int | None = None
    query: dict[str, str] = field(default_factory=dict)
    retry_after: int | str | None = None
    latency_ms: int = 0
    pause_ms: int = 100
    blocks: int = 10
    items: list[str | dict[str, str | None]] = field(default_factory=list)
    encoding: str = "utf-8"
    body: Value = None
    text: str | None = None
    set: Record | None = None
    drop: list[str] = field(default_factory=list)
    rows: int = 0
    told: bool = False
    changing: str = ""
    before: Record = field(default_factory=dict)
    after: Record = field(default_factory=dict)
    wrapper: str = ""
    error: Value = "Erro interno"

    def has(self, *kinds: str) -> bool:
        """Whether it is of one of these kinds."""
        return not {self.kind, *self.also}.isdisjoint(kinds)

    def meets(self, path: str, params: Mapping[str, str]) -> bool:
        """Whether a request is one of those it may spoil."""
        return (
            under(path, self.path)
            and self.offset in (None, _number(params.get("offset", "0")))
            and all(params.get(name) == str(value) for name, value in self.query.items())
        )

    def changed(self, members: Record) -> Record:
        """The members of an object with those of `set`, and without those to `drop`."""
        kept = {name: value for name, value in members.items() if name not in self.drop}
        return kept | (self.set or {})

    def moved(self, record: Record) -> Record:
        """The record with the field that is another one in each answer."""
        if not self.changing:
            return record
        return record | {self.changing: f"{record.get(self.changing)} ({self.count})"}

    def listed(self, records: Iterable[Record], first: int = 0) -> bytes:
        """The JSON of records from a position of the answer on, without the brackets."""
        return b",".join(self.written(record, n) for n, record in enumerate(records, first))

    def written(self, record: Record, position: int) -> bytes:
        """The JSON of the record at a position of the answer, right or replaced."""
        item = self.items[position] if position < len(self.items) else {}
        if isinstance(item, str):
            return item.encode(self.encoding)
        texts = {
            name: orjson.Fragment(text.encode(self.encoding))
            for name, text in item.items()
            if text is not None
        }
        kept = {name: value for name, value in record.items() if name not in item}
        return orjson.dumps(texts | kept)


class Faults:
    """The faults still to come, in the order they were given."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, raw: dict[str, Any]) -> None:
        """Order a fault; raises `ValueError` for one it doesn't know."""
        if unknown := {raw.get("kind"), *raw.get("also", ())}.difference(KINDS):
            raise ValueError(f"{unknown}: kind must be one of {', '.join(KINDS)}")
        try:
            self.waiting.append(Fault(**raw))
        except TypeError as error:
            raise ValueError(str(error)) from None

    def list(self) -> list[dict[str, Any]]:
        """The faults still to come."""
        return [asdict(fault) for fault in self.waiting]

    def take(self, path: str, params: Mapping[str, str]) -> Fault | None:
        """The fault this request meets, if any."""
        for fault in self.waiting:
            if not fault.meets(path, params):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.count -= 1
            if fault.count <= 0:
                self.waiting.remove(fault)
            return fault
        return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


class Protocol(H11Protocol):
    """Uvicorn's HTTP protocol, which also registers its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        if self.client:
            TRANSPORTS[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        if self.client:
            TRANSPORTS.pop(self.client, None)


class Truncated(Response):
    """Promises the whole body, sends half of it and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the half."""
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(scope)


class Reset(Response):
    """Breaks the connection without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Reset it."""
        if transport := TRANSPORTS.get(tuple(scope["client"])):
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
            await _gone(transport)


async def hang_up(scope: Scope) -> None:
    """Close the connection after what was sent so far."""
    if transport := TRANSPORTS.get(tuple(scope["client"])):
        transport.close()
        await _gone(transport)


async def _gone(transport: asyncio.Transport) -> None:
    """Wait, a second at most, until the server noticed that the connection is broken."""
    for _ in range(100):
        if transport not in TRANSPORTS.values():
            return
        await asyncio.sleep(0.01)
