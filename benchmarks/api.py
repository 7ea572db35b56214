"""A Sienge whose BULK answers cost next to nothing, so that their reader is what is measured.

The records are those of the simulator, over and over, each with a number of its own.

Run ``python -m benchmarks.api SAMPLE ROWS [SECONDS]``; an answer of all rows takes these seconds.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from benchmarks.windows import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request

PATH = "/bulk-data/v1/income"
BLOCK = 1000

COLUMNS = {
    "companyId": "bigint",
    "companyName": "text",
    "projectId": "bigint",
    "projectName": "text",
    "clientId": "bigint",
    "clientName": "text",
    "billId": "bigint",
    "installmentId": "bigint",
    "documentIdentificationId": "text",
    "documentNumber": "text",
    "originId": "text",
    "originalAmount": "numeric",
    "discountAmount": "numeric",
    "taxAmount": "numeric",
    "indexerId": "bigint",
    "indexerName": "text",
    "dueDate": "date",
    "issueDate": "date",
    "balanceAmount": "numeric",
    "correctedBalanceAmount": "numeric",
    "interestRate": "numeric",
    "installmentNumber": "text",
    "paymentTerm": "jsonb",
    "receiptsCategories": "jsonb",
    "receipts": "jsonb",
}
"""The 25 fields of a record, three of them nested, and their types."""

KEY = ("companyId", "billId", "installmentId")


def number_of(day: date, rows: int) -> int:
    """Give the number of the first record that is due on a day or later."""
    days = (min(max(day, FIRST), LAST + timedelta(1)) - FIRST).days
    return -(-rows * days // ((LAST - FIRST).days + 1))


async def body(templates: Sequence[bytes], numbers: range, seconds: float) -> AsyncIterator[bytes]:
    """Give an answer block by block, each ``seconds`` after the one before."""
    yield b'{"data": ['
    for start in range(numbers.start, numbers.stop, BLOCK):
        block = range(start, min(start + BLOCK, numbers.stop))
        records = b",".join(templates[number % len(templates)] % number for number in block)
        yield records if start == numbers.start else b"," + records
        await asyncio.sleep(seconds)
    yield b"]}"


async def income(
    templates: Sequence[bytes], rows: int, seconds: float, request: Request
) -> StreamingResponse:
    """Answer with what is due in the period."""
    first, last = (
        date.fromisoformat(request.query_params[f"{end}Date"]) for end in ("start", "end")
    )
    numbers = range(number_of(first, rows), number_of(last + timedelta(1), rows))
    pause = seconds * BLOCK / rows
    return StreamingResponse(body(templates, numbers, pause), media_type="application/json")


def main(sample: str, rows: str, seconds: str = "0") -> None:
    """Serve as many rows on a free port."""
    mark = "<number>"
    templates = [
        json.dumps({name: record[name] for name in COLUMNS} | {"billId": mark})
        .replace("%", "%%")
        .replace(f'"{mark}"', "%d")
        .encode()
        for record in json.loads(Path(sample).read_text())
    ]
    answer = partial(income, templates, int(rows), float(seconds))
    route = Route("/{tenant}/public/api" + PATH, answer)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    print(f"http://127.0.0.1:{port}/construtora-demo/public/api", flush=True)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=[route]), log_level="critical"))
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
