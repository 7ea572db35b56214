"""Answers of the API and of the gateways before it, whole or as a fault spoils them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from starlette.responses import Response

from .bulk import Bulk
from .faults import Fault, Reset, Truncated

if TYPE_CHECKING:
    from collections.abc import Callable

    from .spec import Value

HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def html(status: int, title: str) -> Response:
    """An answer of the gateways in front of the API."""
    return Response(HTML.format(title), status, media_type="text/html; charset=utf-8")


def error(
    status: int,
    message: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The documented error body."""
    body = {
        "status": status,
        "developerMessage": f"{HTTPStatus(status).phrase}: {message}",
        "clientMessage": message,
        "errors": errors or [],
    }
    return Response(orjson.dumps(body), status, headers, "application/json")


def answer(body: Value) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), media_type="application/json")


def _status(fault: Fault) -> Response:
    after = fault.retry_after
    return error(
        fault.status or 503,
        "Serviço indisponível",
        headers={} if after is None else {"Retry-After": str(after)},
    )


BLIND: dict[str, Callable[[Fault], Response]] = {
    "status": _status,
    "hang": lambda _fault: Reset(status_code=504),
    "reset": lambda _fault: Reset(status_code=502),
    "html": lambda fault: html(fault.status or 200, "Gateway"),
    "empty_body": lambda fault: Response(b"", fault.status or 200, media_type="application/json"),
}
"""Faults which need no answer to spoil."""


def spoiled(response: Response, fault: Fault) -> Response:
    """The answer as the fault spoils it; latency leaves it whole."""
    if isinstance(response, Bulk):
        spoils = fault.kind in ("truncate", "invalid_json", "empty_list", "replace")
        return response.spoiled(fault) if spoils else response
    body = bytes(response.body)
    if fault.kind == "truncate":
        return Truncated(body, response.status_code, media_type="application/json")
    if fault.kind == "invalid_json":
        return Response(
            body[: -len(body) // 3], response.status_code, media_type="application/json"
        )
    if fault.kind in {"empty_list", "reverse"} and response.status_code == 200:
        whole = orjson.loads(body)
        records = whole if isinstance(whole, list) else whole.get("results", [])
        records = records[::-1] if fault.kind == "reverse" else []
        return answer(records if isinstance(whole, list) else whole | {"results": records})
    if fault.kind == "replace" and response.status_code == 200:
        return Response(_replaced(orjson.loads(body), fault), media_type="application/json")
    return response


def _replaced(whole: Value, fault: Fault) -> bytes:
    """The body with some of its records replaced."""
    records = whole if isinstance(whole, list) else whole.get("results")
    if records is None:
        return fault.text(whole, 0)
    listed = b",".join(fault.text(record, place) for place, record in enumerate(records))
    around = b"[]" if isinstance(whole, list) else orjson.dumps(whole | {"results": []})
    before, _, after = around.rpartition(b"[]")
    return before + b"[" + listed + b"]" + after
