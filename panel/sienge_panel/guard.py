"""What every answer carries, and which requests are refused before anything looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = {"GET", "HEAD"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def policy(scripts: Iterable[str]) -> str:
    """Give the content security policy: only what the panel itself serves, and these hashes."""
    allowed = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in scripts)])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def same_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from the panel's own page.

    Every browser sends ``Origin`` with it; other programs must do the same.
    """
    site = headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and urlsplit(headers.get("origin", "")).netloc == headers.get(
        "host"
    )


class Guard:
    """The middleware around everything."""

    def __init__(self, app: ASGIApp, scripts: Iterable[str] = ()) -> None:
        self._app = app
        self._policy = policy(scripts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Content-Security-Policy", self._policy)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["method"] in READING or same_origin(Headers(scope=scope)):
            return await self._app(scope, receive, guarded)
        refused = JSONResponse({"detail": "Pedido recusado: não veio da página do painel."}, 403)
        return await refused(scope, receive, guarded)
