"""BULK resources: answers of any size, kept on disk while their records are read one by one."""

from __future__ import annotations

import json
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import requests
from singer_sdk.exceptions import RetriableAPIError
from typing_extensions import override

from tap_sienge import error_body, errors
from tap_sienge.client import DATA, SiengeClient, body_of, not_json
from tap_sienge.decode import BLOCK, elements
from tap_sienge.pages import Page
from tap_sienge.partitions import PATH
from tap_sienge.stream import SiengeStream
from tap_sienge.values import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tap_sienge.values import Record, WarningCounter

T = TypeVar("T")

APART = "/bulk-data/v1/async"
"""Path below which answers that are prepared apart are polled and read."""

LARGE = 92
"""Days of a period from which on ``bulk_mode: auto`` lets Sienge prepare the answer apart."""

POLLS = (2, 4, 8, 15, 30, 60, 120, *[300] * 11)
"""Seconds before each poll of such an answer, which costs quota: an hour in all."""

MOST_CHUNKS = 10_000
"""Parts of such an answer that are read at most."""

SHORTEST = 31
"""Days of a period at least that is requested in parts if no answer comes in time."""

SMALL = 4096
"""Bytes that the identifier of an asynchronous answer surely does not exceed."""

PREPARED = "a resposta preparada pelo Sienge {}; tente de novo ou use bulk_mode: sync"
"""What is said of an asynchronous answer that is of no use."""


class Answers(Iterable[Any]):
    """The records of answers on disk; each reading starts anew."""

    def __init__(
        self, bodies: Sequence[IO[bytes]], names: Sequence[str], warnings: WarningCounter
    ) -> None:
        """Take the bodies in their order, and the names that the list in each may have."""
        self._bodies, self._names, self._warnings = bodies, names, warnings

    def __iter__(self) -> Iterator[Any]:
        """Give the elements of each body's list.

        Raises:
            errors.MalformedError: A body is not JSON, breaks off, or has no such list; or is one of
                several and has nothing in it.
        """
        for body in self._bodies:
            found = elements(body, self._warnings, self._names)
            if len(self._bodies) > 1:
                try:
                    yield next(found)
                except StopIteration:
                    raise errors.MalformedError(PREPARED.format("tem uma parte vazia")) from None
            yield from found


class BulkClient(SiengeClient):
    """Sends requests whose answers take minutes to come, and are read as they come."""

    streamed = True
    data = (*DATA, requests.codes.created, requests.codes.accepted)  # as an answer to an order

    @property
    @override
    def timeouts(self) -> tuple[int, int]:
        config = self.run.config
        return int(config["request_timeout"]), int(config["bulk_timeout"])

    @override
    def is_final(self, error: Exception) -> bool:
        # The server may be at work on the first request still: another would only add to it.
        return errors.timed_out(error) or super().is_final(error)

    @override
    def validate_response(self, response: requests.Response) -> None:
        if not tells_nothing(response):
            super().validate_response(response)


class SiengeBulkStream(SiengeStream):
    """A BULK resource: ``{"data": […]}`` in one answer, or prepared apart and read in chunks."""

    client_class = BulkClient
    paged = False
    records_key = "data"

    @override
    def windows(self, since: date | None) -> list[Record]:
        windows = super().windows(since)
        if not windows or not self.period or self.run.only or self.config["bulk_mode"] == "sync":
            return windows
        first, last = self.period[:2]  # chunks instead of years keep each answer small
        return [{first: windows[0][first], last: windows[-1][last]}]

    def prepared_apart(self, context: Record) -> bool:
        """Whether the answer is requested asynchronously."""
        mode: str = "sync" if PATH in context else self.config["bulk_mode"]
        if mode != "auto" or not self.period:
            return mode == "async"
        if self.dry_run or self.parents() or self.progress.since:
            return False  # small enough, and each question whether it is ready costs quota
        first, last = (date.fromisoformat(context[name]) for name in self.period[:2])
        return (last - first).days > LARGE

    @override
    def fetch(self, context: Record, offset: int) -> Page:
        if not self.prepared_apart(context):
            return self._kept(self.client.send(self.request(context, offset), saved))
        size = self.config["bulk_chunk_kb"]
        apart = {"_async": "true"} | ({"_asyncChunkMaxSize": str(size)} if size else {})
        order = self.client.send(self.request(context, offset, **apart), saved)
        if (job := identifier(order)) is None:
            return self._kept(order)  # answered at once after all
        url = f"{self.run.url_base}{APART}/{quote(job, safe='')}"
        urls = [f"{url}/result/{chunk + 1}" for chunk in range(self._chunks(url))]
        chunks = [self._get(url, saved) for url in urls]
        if len({digest(chunk) for chunk in chunks}) < len(chunks):
            raise errors.MalformedError(PREPARED.format("tem partes repetidas"))
        return self._kept(*chunks)

    def _get(self, url: str, read: Callable[[requests.Response], T]) -> T:
        """Read what tells how far an asynchronous answer is, or one of its chunks.

        Raises:
            RetriableAPIError: It is not there, which says nothing of the resource.
        """
        try:
            return self.client.send(self.client.prepare_url(url), read)
        except errors.Unavailable as error:
            missing = f"não está mais lá ({error.status})"
            raise RetriableAPIError(PREPARED.format(missing)) from error

    def _kept(self, *bodies: IO[bytes]) -> Page:
        return Page(Answers(bodies, ("data", self.records_key), self.row_schema.warnings))

    @override
    def read_context(self, context: Record) -> Iterator[Record]:
        """Read a context; in parts, or once more, if no answer comes in time."""
        try:
            yield from super().read_context(context)
        except requests.RequestException as error:
            if not errors.timed_out(error):
                raise
            parts = self._parts(context)
            self.logger.warning(
                "%s: nada chegou em %d s; o período é pedido em %d parte(s).",
                self.name,
                self.client.timeouts[1],
                len(parts),
            )
            for part in parts:
                yield from self.read_context(part) if len(parts) > 1 else super().read_context(part)

    def _parts(self, context: Record) -> list[Record]:
        """Cut a context's period into years, a year into halves; give it whole if it is short."""
        if not self.period or self.period.last not in context:
            return [context]
        names = self.period[:2]
        first, last = (date.fromisoformat(context[name]) for name in names)
        if (last - first).days <= SHORTEST:
            return [context]
        if first.year < last.year and first < self.run.today:
            windows = list(self.period.windows(first, self.run.today))
            inside = [window for window in windows if window[names[0]] <= context[names[1]]]
            inside[-1] = inside[-1] | {names[1]: context[names[1]]}
            if len(inside) > 1:
                return [context | window for window in inside]
        middle = first + (last - first) / 2
        return [
            context | {names[1]: middle.isoformat()},
            context | {names[0]: (middle + timedelta(1)).isoformat()},
        ]

    def _chunks(self, url: str) -> int:
        """Wait until an asynchronous answer is ready, and give the number of its chunks.

        Raises:
            RetriableAPIError: Sienge could not prepare it, takes longer than an hour, or does not
                say how many chunks there are.
        """
        for seconds in POLLS:
            self.limiter.pause(seconds)
            job = self._get(url, job_of)
            status = job["status"].strip().lower()
            if status == "finished" and not error_body.tells_error(job):
                chunks = whole(job.get("chunks"))
                if chunks is None or chunks > MOST_CHUNKS:
                    raise RetriableAPIError(
                        "o Sienge não disse em quantas partes está a resposta BULK preparada"
                    )
                return chunks
            if status not in {"waiting", "processing"}:
                reason = error_body.words(job) or error_body.words(job["status"])
                raise RetriableAPIError(
                    f"o Sienge não conseguiu preparar a resposta ({reason}); tente de novo ou use "
                    "bulk_mode: sync"
                )
        raise RetriableAPIError("o Sienge não preparou a resposta em uma hora; use bulk_mode: sync")


def tells_nothing(response: requests.Response) -> bool:
    """Whether an answer says that there is nothing in the period: 404 in the API's own words."""
    if f"{APART}/" in str(response.url):
        return False
    if response.status_code == requests.codes.no_content:
        return True
    return response.status_code == requests.codes.not_found and error_body.is_by_api(response)


def identifier(order: IO[bytes]) -> str | None:
    """Give the identifier of an asynchronous answer, None if the records came instead.

    Raises:
        errors.MalformedError: An error came instead.
    """
    order.seek(0)
    head = order.read(SMALL)
    try:
        job: Any = json.loads(head)
    except ValueError:  # too long for an identifier, or broken
        return None
    error_body.refuse(job)
    if not isinstance(job, dict) or any(type(value) is list and value for value in job.values()):
        return None
    named = [job.get(name) for name in ("identifier", "id")]
    return next((str(value) for value in named if value and type(value) in {str, int}), None)


def job_of(response: requests.Response) -> Record:
    """Read how far an asynchronous answer is: an object with a ``status`` in words.

    Raises:
        RetriableAPIError: It is something else, such as an error.
    """
    job, _ = body_of(response)
    # The API's own words may as well tell why an answer is not prepared.
    error_body.refuse(job, error_body.OWN_WORDS)
    if isinstance(job, dict) and isinstance(job.get("status"), str) and job["status"].strip():
        return job
    raise RetriableAPIError(error_body.words(job) or errors.UNDOCUMENTED, response)


def digest(body: IO[bytes]) -> bytes:
    """Hash a file's content."""
    body.seek(0)
    found = blake2b()
    while block := body.read(BLOCK):
        found.update(block)
    return found.digest()


def saved(response: requests.Response) -> IO[bytes]:
    """Keep an answer's body in a file that vanishes with the process.

    Raises:
        RetriableAPIError: It is not JSON, or breaks off.
    """
    body = tempfile.TemporaryFile()  # noqa: SIM115 - read later, by another thread
    if tells_nothing(response):
        body.write(b"[]")
        return body
    for block in response.iter_content(BLOCK):
        body.write(block)
    size = body.tell()
    body.seek(0)
    start = body.read(BLOCK).removeprefix(BOM_UTF8).lstrip()[:1]
    body.seek(max(size - BLOCK, 0))
    end = body.read().rstrip()[-1:]
    if (start, end) not in {(b"{", b"}"), (b"[", b"]")}:
        raise not_json(response, size)
    return body
