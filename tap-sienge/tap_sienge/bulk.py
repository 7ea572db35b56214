"""BULK resources: answers of any size, kept on disk while their records are read one by one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from singer_sdk.exceptions import RetriableAPIError
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.client import SiengeStream
from tap_sienge.decode import BLOCK, elements
from tap_sienge.http import body_of
from tap_sienge.reader import Page

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import requests
    from singer_sdk.helpers.types import Context

    from tap_sienge.reading import Read
    from tap_sienge.values import Record, Report

LARGE = 92
"""Days of a period from which on ``bulk_mode: auto`` lets Sienge prepare the answer apart."""

POLLS = (1, 2, 4, 8, 15, *[30] * 120)
"""Seconds before each question whether such an answer is ready: an hour at most."""

SMALL = 4096
"""Bytes that the identifier of an asynchronous answer surely does not exceed."""


class Answers(Iterable[Any]):
    """The records of answers on disk; each reading starts anew."""

    def __init__(self, bodies: Sequence[IO[bytes]], report: Report) -> None:
        """Take the bodies in their order."""
        self._bodies, self._report = bodies, report

    def __iter__(self) -> Iterator[Any]:
        """Give the elements of each body's first list.

        Raises:
            errors.MalformedError: A body is not JSON, or has no list.
        """
        for body in self._bodies:
            yield from elements(body, self._report)


class SiengeBulkStream(SiengeStream):
    """A BULK resource: ``{"data": […]}`` in one answer, or prepared apart and read in chunks."""

    paged = False
    streamed = True

    @override
    def windows(self, since: date | None) -> list[Record]:
        windows = super().windows(since)
        if not windows or not self.period or self.config["bulk_mode"] == "sync":
            return windows
        first, last = self.period[:2]  # chunks instead of years keep each answer small
        return [{first: windows[0][first], last: windows[-1][last]}]

    def prepared_apart(self, context: Record) -> bool:
        """Whether the answer is asked for asynchronously."""
        mode: str = self.config["bulk_mode"]
        if mode != "auto" or not self.period:
            return mode == "async"
        if self.dry_run or self.parents or self.since:
            return False  # small enough, and each question whether it is ready costs quota
        first, last = (date.fromisoformat(context[name]) for name in self.period[:2])
        return (last - first).days > LARGE

    @override
    def fetch(self, context: Record, offset: int) -> Page:
        if not self.prepared_apart(context):
            return self._kept(self.answer(self.prepare(context, offset), saved))
        order = self.answer(self.prepare(context, offset, _async="true"), saved)
        if (job := identifier(order)) is None:
            return self._kept(order)  # answered at once after all
        url = f"{self.url_base}/bulk-data/v1/async/{self._url_encode(job)}"
        urls = [f"{url}/result/{chunk + 1}" for chunk in range(self._chunks(url))]
        return self._kept(*(self.answer(self._plain(url), saved) for url in urls))

    def _kept(self, *bodies: IO[bytes]) -> Page:
        return Page(Answers(bodies, self.table.report), None, self.page_size)

    @override
    def _read(self, context: Record, retries: int | None = None) -> Generator[Record, None, Read]:
        retries = self.config["max_retries"] if retries is None else retries
        try:
            return (yield from super()._read(context))
        except errors.MalformedError as error:
            if not retries:
                raise
            self.logger.warning("Tentativa falhou (%s); nova tentativa.", error)
        return (yield from self._read(context, retries - 1))

    def _chunks(self, url: str) -> int:
        """Wait until an asynchronous answer is ready, and give the number of its chunks.

        Raises:
            RetriableAPIError: Sienge could not prepare it, or takes longer than an hour.
        """
        for seconds in POLLS:
            self.limiter.pause(seconds)
            job, _ = self.answer(self._plain(url), body_of)
            status = str(job.get("status", "")).lower() if isinstance(job, dict) else ""
            if status == "finished":
                chunks = [n for key, n in job.items() if "chunk" in key.lower() and type(n) is int]
                return chunks[0] if chunks else 1
            if status == "failed":
                break
        raise RetriableAPIError(
            "o Sienge não conseguiu preparar a resposta; tente de novo ou use bulk_mode: sync"
        )

    def _plain(self, url: str) -> requests.PreparedRequest:
        return self.build_prepared_request(method="GET", url=url, headers=self.http_headers)

    @override
    def _request(
        self, prepared_request: requests.PreparedRequest, context: Context | None
    ) -> requests.Response:
        response = self.requests_session.send(
            self.authenticator(prepared_request), timeout=self.timeout, stream=True
        )
        self.validate_response(response)
        return response


def identifier(order: IO[bytes]) -> str | None:
    """Give the identifier of an asynchronous answer, None if the records came instead."""
    order.seek(0)
    head = order.read(SMALL)
    try:
        job: Any = json.loads(head)
    except ValueError:  # too long for an identifier, or broken
        return None
    if not isinstance(job, dict) or any(isinstance(value, list) for value in job.values()):
        return None
    names = [name for name in job if name.lower().endswith(("id", "identifier"))]
    return str(job[names[0]]) if names else None


def saved(response: requests.Response) -> IO[bytes]:
    """Keep an answer's body in a file that vanishes with the process.

    Raises:
        RetriableAPIError: It is not JSON, or breaks off.
    """
    body = tempfile.TemporaryFile()  # noqa: SIM115 - read later, by another thread
    for block in response.iter_content(BLOCK):
        body.write(block)
    size = body.tell()
    body.seek(0)
    start = body.read(BLOCK).lstrip()[:1]
    body.seek(max(size - BLOCK, 0))
    end = body.read().rstrip()[-1:]
    if (start, end) not in {(b"{", b"}"), (b"[", b"]")}:
        content = response.headers.get("Content-Type", "sem tipo")
        raise RetriableAPIError(f"a resposta não é JSON ({content}, {size} bytes)", response)
    return body
