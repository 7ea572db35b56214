"""One REST collection of Sienge as a Singer stream.

How it is read is in ``reader``, how fast in ``limits``, what the answers mean in ``errors`` and
what their values become in ``values``. Facts: FACTS.md.
"""

from __future__ import annotations

import json
import logging
import random
from array import array
from datetime import date, datetime, timedelta, timezone
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar, cast

import backoff
import requests
from singer_sdk import RESTStream
from singer_sdk.authenticators import BasicAuthenticator
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from singer_sdk.singerlib.messages import RecordMessage
from singer_sdk.streams.rest import PageContext
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.limits import Closed
from tap_sienge.reader import Page
from tap_sienge.run_log import STATUS_TEXT, Entry
from tap_sienge.values import Record, Table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from backoff.types import Details

    from tap_sienge.limits import RateLimiter
    from tap_sienge.run_log import Status
    from tap_sienge.tap import TapSienge

REREAD_PAGES = 50
"""A read that does not reconcile is repeated once if it took at most this many requests."""

HORIZON = timedelta(days=365)
"""How far beyond today date windows reach: bills and movements may be dated ahead."""

LONGEST_WAIT = 30.0
"""Seconds between two attempts at most."""


@cache
def load_schema(name: str) -> Record:
    """Read the schema file of a stream."""
    path = files("tap_sienge") / "schemas" / f"{name}.json"
    schema: Record = json.loads(path.read_text(encoding="utf-8"))
    return schema


class DistinctKeys:
    """How many different keys were seen, in eight bytes a key."""

    def __init__(self) -> None:
        """Start with none."""
        self._buckets = [array("q") for _ in range(256)]

    def add(self, key: tuple[Any, ...]) -> None:
        """See a key, perhaps again."""
        digest = hash(key)
        self._buckets[digest & 255].append(digest)

    def __len__(self) -> int:
        return sum(len(set(bucket)) for bucket in self._buckets)


class SiengeStream(RESTStream[int]):
    """A collection of the REST API; a subclass declares what makes it different.

    Contexts (SDK: partitions) hold request parameters: a date window, or the ids in a path such as
    ``/v1/document-identifications/{documentIdentificationId}``.
    """

    primary_keys: Sequence[str] = ("id",)
    params: ClassVar[Mapping[str, str]] = {}
    """Query parameters that every request of the stream carries."""
    modified_filter: ClassVar[str | None] = None
    """Parameter by which the API gives only what changed since a date; makes it incremental."""
    windows: ClassVar[tuple[str, str] | None] = None
    """Parameters for the first and last day, where the API demands a period."""
    keys_from: ClassVar[Mapping[str, str]] = {}
    """For a resource read by id: streams of the same run and their columns which hold the ids."""
    records_key: ClassVar[str] = "results"
    single = False
    """Whether an answer is one object instead of a collection."""

    TYPE_CONFORMANCE_LEVEL = RESTStream.TYPE_CONFORMANCE_LEVEL.NONE
    state_partitioning_keys: Sequence[str] | None = ()
    emit_activate_version_messages = False  # the SDK sends it first, we after a reconciled read
    _LOG_REQUEST_METRICS = False
    _tap: TapSienge

    def __init__(self, tap: TapSienge) -> None:
        """Compile the stream's schema file."""
        self.table = Table(load_schema(self.name))
        super().__init__(tap, schema=self.table.schema)
        if self.modified_filter:
            self.forced_replication_method = "INCREMENTAL"
        self.entry = Entry("", self.name, "")
        self.collected: dict[str, set[Any]] = {}
        """Values of the columns that streams read by id need, filled while reading."""
        self._seen = DistinctKeys()
        self._doubts: list[str] = []
        self._contexts = self._unanswered = 0
        self._planned = False

    @property
    def dry_run(self) -> bool:
        """Whether only a few records are wanted (``--test``)."""
        return self.ABORT_AT_RECORD_COUNT is not None

    # What to ask for

    @property
    @override
    def partitions(self) -> list[Record] | None:
        if self.windows:
            first, last = self.windows
            start = date.fromisoformat(self.config["start_date"][:10])
            end = self._tap.today + HORIZON
            return [
                {first: max(start, date(year, 1, 1)).isoformat(), last: f"{year}-12-31"}
                for year in range(start.year, end.year + 1)
            ]
        if self.keys_from:
            (name,) = self.table.from_path
            return [{name: key} for key in sorted(self._tap.keys_for(self.keys_from))]
        return None

    @cached_property
    def since(self) -> date | None:
        """The day from which changes are asked for; None when everything is read."""
        if self.replication_method != "INCREMENTAL":
            return None
        state = self.stream_state
        if not (bookmark := state.get("replication_key_value")):
            return None
        full_read = date.fromisoformat(state.get("full_read_at", "0001-01-01"))
        if (self._tap.today - full_read).days >= self.config["full_refresh_days"]:
            return None
        return date.fromisoformat(bookmark) - timedelta(days=self.config["lookback_days"])

    @property
    @override
    def url_base(self) -> str:
        return str(self.config["api_url"]).rstrip("/")

    @property
    def page_size(self) -> int:
        """Records to ask for in a page."""
        size: int = self.config["page_size"]
        return min(size, self.ABORT_AT_RECORD_COUNT or size)

    @override
    def get_url_params(self, context: Context | None, next_page_token: int | None) -> Record:
        in_query = {k: v for k, v in (context or {}).items() if f"{{{k}}}" not in self.path}
        params: Record = {**self.params, **in_query}
        if self.modified_filter and self.since:
            params[self.modified_filter] = self.since.isoformat()
        if not self.single:
            params |= {"limit": self.page_size, "offset": next_page_token}
        return params

    # One request

    @property
    @override
    def requests_session(self) -> requests.Session:
        return self._tap.session

    @property
    @override
    def authenticator(self) -> BasicAuthenticator:
        return BasicAuthenticator(
            username=self.config["username"], password=self.config["password"]
        )

    @property
    @override
    def timeout(self) -> int:
        return int(self.config["request_timeout"])

    @cached_property
    def limiter(self) -> RateLimiter:
        """The limiter that counts this stream's requests."""
        return self._tap.limiters["bulk" if self.path.startswith("/bulk-data") else "rest"]

    def fetch(self, context: Record, offset: int) -> Page:
        """Ask for one page, trying again as long as that may help; called by any thread.

        Raises:
            errors.Unauthorized: User or password are wrong.
            errors.Unavailable: The tenant may not read this resource.
            errors.QuotaSpent: Nothing more is answered today.
            FatalAPIError: The API refuses the request for another reason.
            RetriableAPIError: The answer stayed useless (5xx, 429, malformed body).
            requests.RequestException: No answer came.
            Closed: The run is ending.
        """
        request = self.get_http_request(page=PageContext(context, offset))
        prepared = self.build_prepared_request(
            method=request.method,
            url=request.url,
            params=request.encode_params(),
            headers=request.headers,
        )
        attempt = backoff.on_exception(
            self.backoff_wait_generator,
            (RetriableAPIError, requests.RequestException),
            max_tries=self.backoff_max_tries,
            jitter=self.backoff_jitter,
            on_backoff=self.backoff_handler,
            logger=None,
        )(self._fetch_once)
        page: Page = attempt(prepared, context)
        return page

    def _fetch_once(self, prepared: requests.PreparedRequest, context: Record) -> Page:
        with self.limiter.slot():
            self._tap.run_log.count_request(self.name)
            response = self._request(prepared, context)
        self._tap.answered = True
        self.limiter.accepted()
        return self._page(response)

    @override
    def validate_response(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.unauthorized:
            raise errors.Unauthorized
        if status in errors.UNAVAILABLE:
            self._tap.answered = True
            raise errors.Unavailable(status)
        too_many = status == requests.codes.too_many_requests
        if too_many and not self.limiter.refused(errors.retry_after(response)):
            raise errors.QuotaSpent
        if status >= requests.codes.internal_server_error or too_many:
            raise RetriableAPIError(errors.reason(response), response)
        if status >= requests.codes.bad_request:
            raise FatalAPIError(errors.reason(response))

    def _page(self, response: requests.Response) -> Page:
        """Read the answer's body in any of the API's shapes.

        Raises:
            RetriableAPIError: It is none of them (HTML, empty, cut off).
        """
        try:
            body = json.loads(response.content, parse_constant=str)
        except ValueError:
            kind = response.headers.get("Content-Type", "sem tipo")
            message = f"a resposta não é JSON ({kind}, {len(response.content)} bytes)"
            raise RetriableAPIError(message, response) from None
        count, size = None, self.page_size
        if isinstance(body, dict) and not self.single:
            metadata = body.get("resultSetMetadata")
            if isinstance(metadata, dict):
                count = metadata.get("count")
                size = min(size, metadata.get("limit") or size)
            body = body.get("results", body.get(self.records_key))
        records = [body] if self.single else body
        if not isinstance(records, list) or not all(isinstance(item, dict) for item in records):
            raise RetriableAPIError("a resposta não tem o formato documentado", response)
        return Page(records, count if isinstance(count, int) else None, size)

    # Trying again

    @override
    def backoff_max_tries(self) -> int:
        return int(self.config["max_retries"]) + 1

    @override
    def backoff_wait_generator(self) -> Generator[float, Any, None]:
        error = yield 0.0
        wait = 1.0
        while True:
            response = getattr(error, "response", None)
            if response is not None and response.status_code == requests.codes.too_many_requests:
                error = yield 0.0  # the limiter already waits
            elif response is not None and (asked := errors.retry_after(response)) is not None:
                error = yield asked
            elif not self._tap.answered and isinstance(error, requests.ConnectionError):
                error = yield 0.2  # a wrong address should be told soon
            else:
                error = yield wait
                wait = min(2 * wait, LONGEST_WAIT)

    @override
    def backoff_jitter(self, value: float) -> float:
        return value * random.uniform(1.0, 1.25)

    @override
    def backoff_handler(self, details: Details) -> None:
        self.logger.warning(
            "Tentativa %d falhou (%s); nova tentativa em %.1f s.",
            details["tries"],
            errors.explain(cast("BaseException", details.get("exception"))),
            details.get("wait", 0.0),
        )

    # One stream

    @override
    def _sync_records(
        self, context: Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        self.entry = self._tap.run_log.start(self.name)
        self._stream_version = self._initialized_at
        try:
            yield from super()._sync_records(context, write_messages=write_messages)
            self._conclude(write_messages=write_messages)
        except errors.Unavailable as error:
            self._end("skipped", str(error))
        except (errors.QuotaSpent, Closed):
            self._tap.stop()
            self._end("postponed", str(errors.QuotaSpent()))
        except errors.Unauthorized as error:
            self._tap.abort(str(error))
        except (RetriableAPIError, FatalAPIError, requests.RequestException) as error:
            if not self._tap.answered and isinstance(error, requests.ConnectionError):
                self._tap.abort(
                    f"Não consegui falar com {self.get_url(None)}: {errors.explain(error)}. "
                    "Confira a internet desta máquina e a configuração api_url."
                )
            self._end("failed", errors.explain(error))

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        parameters = dict(context or {})
        if self.keys_from and not parameters:
            return
        self._contexts += 1
        try:
            announced, pages = yield from self._read(parameters)
            if announced != len(self._seen) and pages <= REREAD_PAGES:
                announced, _ = yield from self._read(parameters)
        except errors.Unavailable as error:
            if error.status != requests.codes.not_found or not parameters:
                raise
            self._unanswered += 1
            return
        self.entry.rows += len(self._seen)
        if announced != len(self._seen):
            self._doubts.append(f"a API anunciou {announced} registros e vieram {len(self._seen)}")

    def _read(self, context: Record) -> Generator[Record, None, tuple[int | None, int]]:
        """Read a context from its first page to its last.

        Returns:
            The number of records that should have come, None when nobody can say, and the number
            of pages.
        """
        self._seen = DistinctKeys()
        counts: set[int | None] = set()
        pages = 0
        for page in self._tap.reader.pages(self, context):
            if not pages and not self._planned and context:
                self._tap.reader.plan((self, later) for later in self._later(context))
                self._planned = True
            counts.add(page.total)
            pages += 1
            yield from page.records
        if self.dry_run or counts == {None}:
            return len(self._seen), pages
        return (counts.pop() if len(counts) == 1 else None), pages

    def _later(self, context: Record) -> list[Record]:
        partitions = self.partitions or []
        return partitions[partitions.index(context) + 1 :]

    @override
    def post_process(self, row: Record, context: Context | None = None) -> Record | None:
        converted = self.table.convert(row, dict(context or {}))
        key = tuple(converted[name] for name in self.primary_keys)
        if None in key:
            self.table.report[f"registro sem {' ou '.join(self.primary_keys)}, não gravado"] += 1
            return None
        self._seen.add(key)
        for column, values in self.collected.items():
            if converted[column] is not None:
                values.add(converted[column])
        return converted

    @override
    def _generate_record_messages(self, record: Record) -> Generator[RecordMessage, None, None]:
        """As the SDK does it, but for selection, which our flat schemas need only for columns."""
        for column in self._deselected:
            record.pop(column, None)
        for stream_map in self.stream_maps:
            if (mapped := stream_map.transform(record)) is not None:
                yield RecordMessage(
                    stream=stream_map.stream_alias,
                    record=mapped,
                    version=self._stream_version,
                    time_extracted=datetime.now(timezone.utc),
                )

    @cached_property
    def _deselected(self) -> list[str]:
        columns = self.table.schema["properties"]
        return [column for column in columns if not self.mask["properties", column]]

    @override
    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Leave the bookmark alone: it is the day of the last complete read, not a record's."""

    def _conclude(self, *, write_messages: bool) -> None:
        """After the last page: what vanished, where to go on, and what to tell."""
        if self.keys_from and not self._contexts:
            return self._end("skipped", f"nenhum código veio de {', '.join(self.keys_from)}")
        if self.dry_run:
            return self._end("ok")
        if self._unanswered and self._unanswered == self._contexts:
            return self._end("skipped", str(errors.Unavailable(requests.codes.not_found)))
        if self._unanswered:
            missing = f"sem resposta (404) em {self._unanswered} de {self._contexts} consultas"
            (self._doubts if self.windows else self.entry.warnings).append(missing)
        if self._doubts:
            return self._end("incomplete", "; ".join(self._doubts))
        state, today = self.stream_state, self._tap.today.isoformat()
        if self.since is None:
            if write_messages and self._sees_all(state):
                self._write_activate_version_message(self._initialized_at)
            state["rows"] = self.entry.rows
        if self.modified_filter:
            if self.since is None:
                state["full_read_at"] = today
            state |= {"replication_key": self.modified_filter, "replication_key_value": today}
        return self._end("ok")

    def _sees_all(self, state: Record) -> bool:
        """Whether a row that did not come is a row that no longer exists.

        Not if the ids to ask for are only some of them, nor if a collection that had rows is
        suddenly empty and says otherwise when asked again.
        """
        sources = [self._tap.rest_streams.get(name) for name in self.keys_from]
        if not all(source and source.entry.status == "ok" for source in sources):
            return False
        if self.entry.rows == 0 and state.get("rows"):
            contexts = self.partitions or [{}]
            return not any(self.fetch(context, 0).records for context in contexts)
        return True

    def _end(self, status: Status, error: str | None = None) -> None:
        """Close the stream's entry and tell what the user should know."""
        found = self.table.report.items()
        self.entry.warnings += [f"{sentence} ({times} vez(es))" for sentence, times in found]
        self.entry.finish(status, error)
        for warning in self.entry.warnings:
            self.logger.warning("%s", warning)
        if error:
            level = logging.ERROR if status == "failed" else logging.WARNING
            self.logger.log(level, "Recurso %s: %s.", STATUS_TEXT[status], error)
