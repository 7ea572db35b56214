"""Bulk answers: rows sent in blocks while they are computed, at once or by an asynchronous job."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
from starlette.responses import StreamingResponse

from .faults import Fault, hang_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.types import Receive, Scope, Send

    from .clock import Clock
    from .rows import Record

ASYNC = "/bulk-data/v1/async"
BLOCK = 100
HERE = b"\0"
SAMPLE = 20
KEPT_SECONDS = 24 * 3600


class Bulk(StreamingResponse):
    """`{"data": […]}` in blocks of rows: no answer is ever whole in memory.

    `row` gives the record of an index, or None where there is nothing to answer. A fault may have
    the answer stop after half of its rows, with the connection (`truncate`) or as if it were
    whole (`invalid_json`), or come slowly (`drip`).
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
        fault, rows, size = self.fault, self.rows, BLOCK
        stops = fault.has("truncate", "invalid_json")
        if stops:
            rows = rows[: (len(rows) + 1) // 2]
        if fault.has("drip"):
            size = max(-(-len(rows) // max(fault.blocks, 1)), 1)
        before, after = self._around()
        yield before
        sent = 0
        for start in range(0, len(rows), size):
            records = (self.row(index) for index in rows[start : start + size])
            found = [fault.moved(record) for record in records if record is not None]
            if found:
                yield b"," * bool(sent) + fault.listed(found, sent)
                sent += len(found)
            await asyncio.sleep(fault.pause_ms / 1000 if fault.has("drip") else 0)
        if not stops:
            yield after

    def _around(self) -> tuple[bytes, bytes]:
        """What stands before the rows, and what after."""
        if self.fault.has("bare"):
            return b"[", b"]"
        name = self.fault.wrapper or self.wrapper
        whole = orjson.dumps(self.fault.before | {name: orjson.Fragment(HERE)} | self.fault.after)
        before, _, after = whole.partition(HERE)
        return before + b"[", b"]" + after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the rows; once more, if the answer was remembered."""
        self.body_iterator = self._blocks()
        if not self.fault.has("truncate"):
            await super().__call__(scope, receive, send)
            return
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        async for block in self.body_iterator:
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await hang_up(scope)

    def fitting(self, kilobytes: int) -> int:
        """How many rows fit into so many KB, by the size of some of them."""
        some = self.rows[:: max(len(self.rows) // SAMPLE, 1)]
        sizes = [len(orjson.dumps(self.row(index))) + 1 for index in some]
        return max(kilobytes * 1024 * len(sizes) // max(sum(sizes), 1), 1)

    def spoiled(self, fault: Fault) -> Bulk:
        """The answer as a fault leaves it."""
        rows = self.rows
        if fault.has("empty_list"):
            rows = []
        if fault.has("reverse"):
            rows = rows[::-1]
        if fault.has("cap"):
            rows = rows[: fault.rows]
        return Bulk(rows, self.row, self.wrapper, fault)


@dataclass
class Job:
    """A bulk read done in the background: its answer, and the polls until it is ready."""

    bulk: Bulk
    ordered: float
    waiting: int
    processing: int
    chunk_rows: int
    fault: Fault

    def status(self) -> str:
        """What the next poll is told; each poll brings the end nearer."""
        if self.waiting:
            self.waiting -= 1
            return "Waiting"
        if self.processing:
            self.processing -= 1
            return "Processing"
        return "Failed" if self.fault.has("job_failed") else "Finished"

    @property
    def chunks(self) -> int:
        """How many there are, told or not."""
        return -(-len(self.bulk.rows) // self.chunk_rows)


class Jobs:
    """The asynchronous reads: `polls` of them wait and as many are processed before the end.

    A chunk has `chunk_rows` rows at most; 0 sets no such bound.
    """

    def __init__(self, clock: Clock, chunk_rows: int, polls: int) -> None:
        self.clock, self.chunk_rows, self.polls = clock, chunk_rows, polls
        self.jobs: dict[str, Job] = {}

    def order(self, bulk: Bulk, size: str, fault: Fault | None) -> dict[str, Any]:
        """Begin a job, of chunks of so many KB or of one; the answer has its identifier."""
        name, fault = str(uuid4()), fault or Fault("", "")
        bounds = [len(bulk.rows), self.chunk_rows, bulk.fitting(int(size)) if size.isdigit() else 0]
        rows = min(filter(None, bounds), default=1)
        self.jobs[name] = Job(bulk, self.clock.now(), self.polls, self.polls, rows, fault)
        return fault.before | {"identifier": name} | fault.after

    def poll(self, name: str) -> dict[str, Any] | None:
        """How far a job is, with the number of chunks when finished; None when unknown."""
        job = self._job(name)
        if job is None:
            return None
        match status := job.status():
            case "Finished":
                finished = {"status": status, "chunks": job.chunks}
                return job.fault.changed(finished) if job.fault.has("chunks") else finished
            case "Failed":
                return job.fault.changed({"status": status, "error": job.fault.error})
        return {"status": status}

    def result(self, name: str, chunk: str) -> Bulk | None:
        """One chunk of a finished job, counted from 1."""
        job = self._job(name)
        if job is None or job.fault.has("job_failed") or job.waiting or job.processing:
            return None
        number = int(chunk) if chunk.isdigit() else 0
        if not 1 <= number <= job.chunks:
            return None
        rows = job.bulk.rows[(number - 1) * job.chunk_rows : number * job.chunk_rows]
        return Bulk(rows, job.bulk.row)

    def _job(self, name: str) -> Job | None:
        oldest = self.clock.now() - KEPT_SECONDS
        self.jobs = {n: job for n, job in self.jobs.items() if job.ordered > oldest}
        return self.jobs.get(name)
