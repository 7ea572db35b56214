"""What every answer carries, and which requests are refused before anything looks at them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

SECURE = "max-age=31536000"
"""How long a browser that came by HTTPS comes only so."""

NGINX = "no nginx: proxy_set_header Host $http_host;"


def policy(scripts: Iterable[str]) -> str:
    """Give the content security policy: only what the panel itself serves, and these hashes."""
    allowed = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in scripts)])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def refusal(
    method: str, headers: Headers, hosts: Iterable[str], origins: Iterable[str]
) -> tuple[int, str] | None:
    """Say why a request is refused, if it is.

    It must call the panel by one of its names, else a foreign name that leads here could read it.
    What changes something must come from the panel's own page: every browser sends ``Origin`` with
    it, and other programs must do the same.
    """
    host, origin = headers.get("host", ""), headers.get("origin", "")
    name, page = _split(f"//{host}").hostname or "", _split(origin).netloc
    if not any(fnmatchcase(name, pattern.lower().strip("[]")) for pattern in hosts):
        return 400, (
            f"Pedido recusado: o painel não conhece o nome {host[:100]}; ponha em PANEL_URL o "
            "endereço com que o navegador o abre e reinicie o painel, e, se há um proxy à frente, "
            f"faça-o passar adiante o cabeçalho Host ({NGINX})."
        )
    if method in READING:
        return None
    same = headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if same and page and (origin in origins or page == host):
        return None
    if same and page:
        return 403, (
            f"Pedido recusado: a página é de {origin[:100]}, mas o pedido chegou para "
            f"{host[:100]}; se há um proxy à frente do painel, ponha PANEL_URL={origin[:100]} no "
            f".env e reinicie o painel, ou faça o proxy passar adiante o cabeçalho Host ({NGINX})."
        )
    return 403, "Pedido recusado: não veio da página do painel."


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


class Guard:
    """The middleware around everything."""

    def __init__(
        self, app: ASGIApp, scripts: Iterable[str], hosts: Sequence[str], origins: Sequence[str]
    ) -> None:
        self._app, self._hosts, self._origins = app, hosts, origins
        self._policy = policy(scripts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        asked = Headers(scope=scope)
        secure = scope["scheme"] == "https" or f"https://{asked.get('host')}" in self._origins

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("Strict-Transport-Security", SECURE)
                headers.setdefault("Content-Security-Policy", self._policy)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        found = refusal(scope["method"], asked, self._hosts, self._origins)
        if found is None:
            return await self._app(scope, receive, guarded)
        status, sentence = found
        return await JSONResponse({"detail": sentence}, status)(scope, receive, guarded)
