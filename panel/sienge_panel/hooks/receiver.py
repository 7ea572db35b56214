"""What Sienge calls: `POST /ganchos/{segredo}`, on a port of its own that serves nothing else.

It is a process of its own (`sienge-panel ganchos`): only it need be reachable from the internet, it
goes on while the panel restarts, and as nobody starts it unasked, it is off by default.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg
from psycopg.types.json import Jsonb
from starlette.requests import Request
from starlette.responses import JSONResponse

from sienge_panel.bounds import Bounds
from sienge_panel.guard import HEADERS
from sienge_panel.hooks.keys import CHALLENGE, PATH, Keys, keys, same
from sienge_panel.hooks.store import RECEIVE, Store
from sienge_panel.problem import ProblemError
from sienge_panel.throttle import Rate, SlowedError
from sienge_panel.vault import Vault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sienge_panel.settings import Settings

LARGEST = 16 * 1024
"""Bytes that an event has at most."""

KEPT = ("x-sienge-tenant", "x-sienge-event", "x-sienge-hook-id", "x-sienge-id", "user-agent")
"""Headers that are kept with an event: none is a secret."""

ID = re.compile(r"[\w.:/-]{0,100}")
"""What an id written as text may look like: no name, no address, no sentence."""

NAMED = re.compile(r"[\w.:-]{1,100}", re.ASCII)
"""What the name and the number of an event look like."""

PROMPT = 2
"""Seconds that the database may take: Sienge waits half a second longer, and tries again later."""

FRESH, AGAIN = 10, 1
"""Seconds that the keys are believed, and, by a request that they refuse, at least."""

RIGHT, WRONG = (2000, 100), (60, 1)
"""Requests at once, and then a second: of those with the token, and of one address without it.

They are counted apart, so that nobody without the token can keep Sienge out.
"""

logger = logging.getLogger("uvicorn.error")


class RefusedError(Exception):
    """A status, and why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Receiver:
    """The application."""

    def __init__(self, settings: Settings) -> None:
        """Connect to the database."""
        self._settings, self._vault = settings, Vault(settings)
        self._store = Store(settings.database, PROMPT)
        self._known = keys(settings, self._vault)
        self._read_at = monotonic()
        self._right, self._wrong = Rate(*RIGHT), Rate(*WRONG)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        status, headers = 200, {**HEADERS, "Cache-Control": "no-store"}
        try:
            body = await request.body()
            content = await asyncio.to_thread(self._answer, request, body)
        except RefusedError as error:
            status, content = error.status, {"detail": str(error)}
        except SlowedError as error:
            status, content = 429, {"detail": "Pedidos demais: tente de novo mais tarde."}
            headers["Retry-After"] = str(error.seconds)
        except (psycopg.Error, ProblemError):
            logger.exception("Um aviso do Sienge não pôde ser guardado; ele avisará de novo.")
            status, content = 503, {"detail": "O banco de dados não respondeu."}
            headers["Retry-After"] = "60"
        await JSONResponse(content, status, headers)(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> dict[str, Any]:
        """Keep an event, unless it is known; what it returns was committed.

        Raises:
            RefusedError, SlowedError: It is none, or not Sienge's.
        """
        folder, _, secret = request.scope["path"].rpartition("/")
        if request.method != "POST" or folder != PATH:
            raise RefusedError(404, "Não há nada aqui.")
        known = self._keys_for(request, secret)
        headers = {name: request.headers.get(name, "")[:200] for name in KEPT}
        event, number = headers["x-sienge-event"], headers["x-sienge-id"]
        if not known.tenant or not same(headers["x-sienge-tenant"].lower(), known.tenant.lower()):
            raise RefusedError(403, "O aviso é de outra empresa (x-sienge-tenant).")
        self._right.take()
        if not NAMED.fullmatch(event) or not NAMED.fullmatch(number):
            raise RefusedError(400, "Faltam x-sienge-event e x-sienge-id.")
        if event == CHALLENGE:
            return {"resposta": known.proof(number)}
        ids, kept = Jsonb(_ids(body)), Jsonb({name: it for name, it in headers.items() if it})
        self._store.rows(RECEIVE, {"id": number, "type": event, "ids": ids, "headers": kept})
        return {"recebido": True}

    def _keys_for(self, request: Request, secret: str) -> Keys:
        """Give the keys if a request has the secret and the token.

        Raises:
            RefusedError, SlowedError: It has not.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        for oldest in (FRESH, AGAIN):
            if monotonic() - self._read_at > oldest:
                self._known, self._read_at = keys(self._settings, self._vault), monotonic()
            known = self._known
            right = same(secret, known.secret), same(token.strip(), known.token)
            if all(right) and scheme.lower() == "bearer":
                return known
        self._wrong.take(request.client.host if request.client else "")
        if not right[0]:
            raise RefusedError(404, "Não há nada aqui.")
        raise RefusedError(401, "O token não confere.")


def _ids(body: bytes) -> dict[str, Any]:
    """Read the ids of an event: numbers and short texts, also in lists, and nothing else.

    Raises:
        RefusedError: It is something else.
    """
    try:
        found = json.loads(body, parse_constant=_refuse)
        only_ids = isinstance(found, dict) and _is_id(found)
    except (ValueError, RecursionError):
        raise RefusedError(400, "O corpo não é JSON.") from None
    if not only_ids:
        raise RefusedError(400, "O corpo deve ser um objeto só de códigos.")
    kept: dict[str, Any] = found
    return kept


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return ID.fullmatch(value) is not None
    if isinstance(value, list):
        return all(map(_is_id, value))
    if isinstance(value, dict):
        return all(map(_is_id, [*value, *value.values()]))
    return value is None or (isinstance(value, int | float) and isfinite(value))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def create(settings: Settings) -> ASGIApp:
    """Give the application, with its bounds."""
    return Bounds(Receiver(settings), LARGEST)
