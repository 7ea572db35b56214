"""How much a request may send, how slowly, and how many one address may hold open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from sienge_panel.guard import HEADERS

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64 * 1024
"""Bytes that a body has at most, where nothing else is said."""

HEAD, BODY, UNREAD, LINGER = 10, 10, 30, 3
"""Seconds for the head of a request, for its body, for an answer that nobody takes, and for a
refused body to pass by, for many clients look at the answer only then."""

OPEN = 400
"""Connections that one address may hold, unless it is a proxy's."""


class Refusal(Exception):  # noqa: N818, it is an answer
    """A status and the sentence that goes with it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.answer = JSONResponse(
            {"detail": sentence},
            status,
            {**HEADERS, "Cache-Control": "no-store", "Connection": "close"},
        )


class Bounds:
    """The outermost middleware: nothing else sees a body before it is whole and known to be small.

    What a client says of the length is believed only if it is too much.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            body = await asyncio.wait_for(_whole(scope, receive, self._largest), BODY)
        except (asyncio.TimeoutError, Refusal) as error:
            late = Refusal(408, "O pedido demorou demais a chegar: tente de novo.")
            refused = error if isinstance(error, Refusal) else late
            return await _refuse(refused.answer, receive, send)
        if body is None:
            return None
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return pending.pop() if pending else await receive()

        return await self._app(scope, replayed, send)


async def _whole(scope: Scope, receive: Receive, largest: int) -> bytes | None:
    """Read a body; None if the client has gone.

    Raises:
        Refusal: It is too large.
    """
    found, more = bytearray(), True
    length = Headers(scope=scope).get("content-length", "0")
    too_large = Refusal(413, f"Pedido grande demais: o painel aceita até {largest // 1024} KB.")
    if not length.isdecimal() or int(length) > largest:
        raise too_large
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        found += message.get("body", b"")
        more = message.get("more_body", False)
        if len(found) > largest:
            raise too_large
    return bytes(found)


async def _refuse(answer: JSONResponse, receive: Receive, send: Send) -> None:
    """Send the answer at once, then let pass what still comes, keeping nothing."""
    start = {"type": "http.response.start", "status": answer.status_code}
    await send({**start, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})

    async def passing() -> None:
        while (await receive()).get("more_body"):
            pass

    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(passing(), LINGER)
    await send({"type": "http.response.body", "body": b""})


class Protocol(H11Protocol):
    """Uvicorn's own, which would wait forever for a head or for a client that does not read."""

    _unheard: TimerHandle | None = None
    _unread: TimerHandle | None = None

    @override
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        here = [other for other in self.connections if _address(other) == _address(self)]
        if len(here) > OPEN and not self.config.proxy_headers:
            return transport.abort()
        return self._await_head()

    @override
    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before and self._unheard:
            self._unheard.cancel()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # else the next request was there already
            self._await_head()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._unheard, self._unread):
            if timer:
                timer.cancel()

    def _await_head(self) -> None:
        if self._unheard:
            self._unheard.cancel()
        self._unheard = self.loop.call_later(HEAD, self.transport.abort)


def _address(connection: Any) -> str | None:  # noqa: ANN401, uvicorn's set holds two kinds
    return connection.client[0] if connection.client else None
