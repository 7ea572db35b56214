"""Answers of the API and of the gateways before it, whole or as a fault spoils them."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from starlette.responses import Response, StreamingResponse

from .bulk import Bulk
from .faults import Fault, Reset, Truncated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from .query import Query
    from .rows import Record
    from .spec import Value

HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def html(status: int, title: str) -> Response:
    """An answer of the gateways in front of the API."""
    return Response(HTML.format(title), status, media_type="text/html; charset=utf-8")


BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
"""Statuses of responses without a body (RFC 9110)."""


def error(
    status: int,
    message: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The documented error body, but where HTTP allows none."""
    body = {
        "status": status,
        "developerMessage": f"{HTTPStatus(status).phrase}: {message}",
        "clientMessage": message,
        "errors": errors or [],
    }
    content = b"" if status in BODILESS else orjson.dumps(body)
    return Response(content, status, headers, "application/json")


def answer(body: Value) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), media_type="application/json")


def paged(results: list[Record], count: int, asked: Query) -> Response:
    """A page of `count` rows."""
    metadata = {"count": count, "offset": asked.offset, "limit": asked.limit}
    return answer({"resultSetMetadata": metadata, "results": results})


def _after(fault: Fault) -> dict[str, str]:
    return {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}


def _status(fault: Fault) -> Response:
    return error(fault.status or 503, "Serviço indisponível", headers=_after(fault))


def _error_body(fault: Fault) -> Response:
    told = error(500, "Erro interno", [{"field": "", "message": str(fault.error)}], _after(fault))
    told.status_code = fault.status or 200
    return told


def _body(fault: Fault) -> Response:
    content = orjson.dumps(fault.body) if fault.text is None else fault.text.encode(fault.encoding)
    return Response(content, fault.status or 200, _after(fault), "application/json")


BLIND: dict[str, Callable[[Fault], Response]] = {
    "status": _status,
    "hang": lambda _fault: Reset(status_code=504),
    "reset": lambda _fault: Reset(status_code=502),
    "html": lambda fault: html(fault.status or 200, "Gateway"),
    "error_body": _error_body,
    "body": _body,
    "empty_body": lambda fault: Response(b"", fault.status or 200, media_type="application/json"),
}
"""Faults which need no answer to spoil."""


def spoiled(response: Response, fault: Fault) -> Response:
    """The answer as the fault spoils it; latency leaves it whole."""
    if isinstance(response, Bulk):
        return response.spoiled(fault)
    body, status = bytes(response.body), response.status_code
    if status == 200:
        body = _written(_reshaped(orjson.loads(body), fault), fault)
    if fault.has("invalid_json"):
        body = body[: -len(body) // 3]
    if fault.has("truncate"):
        return Truncated(body, status, media_type="application/json")
    if fault.has("drip"):
        return StreamingResponse(_slowly(body, fault), status, media_type="application/json")
    return Response(body, status, media_type="application/json")


def _reshaped(whole: Value, fault: Fault) -> Value:
    """What a list of records or one record says, but for the records to replace."""
    wrapped = isinstance(whole, dict) and "results" in whole
    if not wrapped and not isinstance(whole, list):
        return whole
    records: list[Record] = whole["results"] if wrapped else whole
    if fault.has("empty_list"):
        records = []
    if fault.has("reverse"):
        records = records[::-1]
    if fault.has("cap"):
        records = records[: fault.rows]
    records = [fault.moved(record) for record in records]
    if not wrapped or fault.has("bare"):
        return records
    about = whole["resultSetMetadata"]
    if fault.has("cap") and fault.told:
        about |= {"limit": fault.rows}
    if fault.has("metadata"):
        about = fault.changed(about)
    whole = fault.before | {"resultSetMetadata": about, fault.wrapper or "results": records}
    if fault.has("metadata") and not (fault.set or fault.drop):
        del whole["resultSetMetadata"]
    return whole | fault.after


def _written(whole: Value, fault: Fault) -> bytes:
    """The JSON, with some of its records replaced."""
    if not fault.items:
        return orjson.dumps(whole)
    if isinstance(whole, list):
        return b"[" + fault.listed(whole) + b"]"
    name = fault.wrapper or "results"
    if name not in whole:
        return fault.written(whole, 0)
    return orjson.dumps(whole | {name: orjson.Fragment(b"[" + fault.listed(whole[name]) + b"]")})


async def _slowly(body: bytes, fault: Fault) -> AsyncIterator[bytes]:
    size = -(-len(body) // max(fault.blocks, 1))
    for start in range(0, len(body), size):
        await asyncio.sleep(fault.pause_ms / 1000)
        yield body[start : start + size]
