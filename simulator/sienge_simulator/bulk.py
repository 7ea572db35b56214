"""Bulk answers: rows sent in blocks while they are computed, at once or by an asynchronous job."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.responses import StreamingResponse

from .faults import Fault, hang_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.types import Receive, Scope, Send

    from .clock import Clock
    from .rows import Record

ASYNC = "/bulk-data/v1/async"
BLOCK = 100
KEPT_SECONDS = 24 * 3600


class Bulk(StreamingResponse):
    """`{"data": […]}` in blocks of rows: no answer is ever whole in memory.

    `row` gives the record of an index, or None where there is nothing to answer. A fault may have
    the answer stop after half of its rows, with the connection (`truncate`) or as if it were
    whole (`invalid_json`).
    """

    def __init__(
        self,
        rows: Sequence[int],
        row: Callable[[int], Record | None],
        wrapper: str = "data",
        fault: Fault | None = None,
    ) -> None:
        self.rows, self.row, self.wrapper = rows, row, wrapper
        self.fault = fault or Fault("", "")
        super().__init__(self._blocks(), media_type="application/json")

    async def _blocks(self) -> AsyncIterator[bytes]:
        yield f'{{"{self.wrapper}":['.encode()
        stops = self.fault.kind in ("truncate", "invalid_json")
        rows = self.rows[: (len(self.rows) + 1) // 2] if stops else self.rows
        sent = 0
        for start in range(0, len(rows), BLOCK):
            records = (self.row(index) for index in rows[start : start + BLOCK])
            found = [record for record in records if record is not None]
            texts = [self.fault.text(record, place) for place, record in enumerate(found, sent)]
            if texts:
                yield b"," * bool(sent) + b",".join(texts)
                sent += len(texts)
            await asyncio.sleep(0)
        if not stops:
            yield b"]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the rows."""
        if self.fault.kind != "truncate":
            await super().__call__(scope, receive, send)
            return
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        async for block in self._blocks():
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await hang_up(scope)

    def spoiled(self, fault: Fault) -> Bulk:
        """The answer as a fault leaves it."""
        if fault.kind == "empty_list":
            return Bulk([], self.row, self.wrapper)
        return Bulk(self.rows, self.row, self.wrapper, fault)


@dataclass
class Job:
    """A bulk read done in the background: its answer, and the polls until it is ready."""

    bulk: Bulk
    ordered: float
    waiting: int
    processing: int
    failed: bool = False

    def status(self) -> str:
        """What the next poll is told; each poll brings the end nearer."""
        if self.waiting:
            self.waiting -= 1
            return "Waiting"
        if self.processing:
            self.processing -= 1
            return "Processing"
        return "Failed" if self.failed else "Finished"


class Jobs:
    """The asynchronous reads: `polls` of them wait and as many are processed before the end."""

    def __init__(self, clock: Clock, chunk_rows: int, polls: int) -> None:
        self.clock, self.chunk_rows, self.polls = clock, max(chunk_rows, 1), polls
        self.jobs: dict[str, Job] = {}

    def order(self, bulk: Bulk, *, failed: bool = False) -> dict[str, Any]:
        """Begin a job; the answer has its id."""
        name = str(uuid4())
        self.jobs[name] = Job(bulk, self.clock.now(), self.polls, self.polls, failed)
        return {"id": name, "status": "Waiting"}

    def poll(self, name: str) -> dict[str, Any] | None:
        """How far a job is, with the number of chunks when finished; None when unknown."""
        job = self._job(name)
        if job is None:
            return None
        status = job.status()
        answer = {"id": name, "status": status}
        return answer | {"chunks": self._chunks(job)} if status == "Finished" else answer

    def result(self, name: str, chunk: str) -> Bulk | None:
        """One chunk of a finished job, counted from 1."""
        job = self._job(name)
        if job is None or job.failed or job.waiting or job.processing or not chunk.isdigit():
            return None
        number = int(chunk)
        if not 1 <= number <= self._chunks(job):
            return None
        rows = job.bulk.rows[(number - 1) * self.chunk_rows : number * self.chunk_rows]
        return Bulk(rows, job.bulk.row)

    def _job(self, name: str) -> Job | None:
        oldest = self.clock.now() - KEPT_SECONDS
        self.jobs = {n: job for n, job in self.jobs.items() if job.ordered > oldest}
        return self.jobs.get(name)

    def _chunks(self, job: Job) -> int:
        return -(-len(job.bulk.rows) // self.chunk_rows)
