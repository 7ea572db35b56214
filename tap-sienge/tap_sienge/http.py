"""One request to Sienge: what is sent, what its answer means, and when it is tried again."""

from __future__ import annotations

import random
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

import backoff
import requests
from requests.auth import HTTPBasicAuth
from singer_sdk import RESTStream
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.streams.rest import PageContext
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.decode import decoded
from tap_sienge.limits import LONGEST_PAUSE
from tap_sienge.run import OUTAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from backoff.types import Details
    from singer_sdk.helpers.types import Context

    from tap_sienge.limits import Api, RateLimiter
    from tap_sienge.run import Run
    from tap_sienge.values import Record

T = TypeVar("T")

LONGEST_WAIT = 30.0
"""Seconds between two attempts at most, unless the answer asks for more."""

PATH = "path"
"""Key of a context that is asked for at another path than its stream's."""

UNSENDABLE = {".", ".."}
"""Ids that no URL's path can hold: to every client they mean a folder."""


class SiengeRequests(RESTStream[int]):
    """How every stream talks to the API."""

    streamed = False
    """Whether the body of an answer is still to come when the answer is read."""
    _LOG_REQUEST_METRICS = False
    run: Run

    @property
    @override
    def url_base(self) -> str:
        return self.run.url_base

    @property
    @override
    def requests_session(self) -> requests.Session:
        return self.run.session

    @cached_property
    def authenticator(self) -> HTTPBasicAuth:
        """What adds user and password."""
        return HTTPBasicAuth(self.config["username"].encode(), self.config["password"].encode())

    @property
    def silence(self) -> tuple[int, int]:
        """Seconds to wait for a connection, and for each part of an answer."""
        timeout = int(self.config["request_timeout"])
        return timeout, timeout

    @property
    def kind(self) -> Api:
        """Which of the API's limits counts this stream's requests."""
        return "bulk" if self.path.startswith("/bulk-data") else "rest"

    @cached_property
    def limiter(self) -> RateLimiter:
        """The limiter that counts this stream's requests."""
        return self.run.limiters[self.kind]

    @override
    def get_url(self, context: Context | None) -> str:
        """Give the address of a context.

        Raises:
            FatalAPIError: An id cannot be part of an address.
        """
        path: str = (context or {}).get(PATH, self.path)
        for name, value in (context or {}).items():
            if f"{{{name}}}" in path and str(value) in UNSENDABLE:
                raise FatalAPIError(f"o código {value} não pode fazer parte de um endereço")
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return self.url_base + path

    def prepare(self, context: Record, offset: int, **more: str) -> requests.PreparedRequest:
        """Build the request for a page of a context, with ``more`` parameters."""
        request = self.get_http_request(page=PageContext(context, offset))
        request.params = cast("dict[str, Any]", request.params) | more
        return self.build_prepared_request(
            method=request.method,
            url=request.url,
            params=request.encode_params(),
            headers=request.headers,
        )

    def answer(
        self, prepared: requests.PreparedRequest, read: Callable[[requests.Response], T]
    ) -> T:
        """Send a request and read its answer, again and again as long as that may help.

        Called by any thread.

        Raises:
            errors.Unauthorized: User or password are wrong.
            errors.Unavailable: The tenant may not read this resource.
            errors.QuotaSpent: Nothing more is answered today.
            FatalAPIError: The API refuses the request for another reason.
            RetriableAPIError: The answer stayed useless (5xx, 429, malformed body).
            requests.RequestException: No answer came.
            Closed: The run is ending.
        """

        def once() -> T:
            with self.run.connections, self.limiter.slot() as place:
                self.run.run_log.count_request(self.name)
                response = self.requests_session.send(
                    self.authenticator(prepared), timeout=self.silence, stream=self.streamed
                )
                self.limiter.told(place, response.headers)
                self.validate_response(response)
                self.run.answered = True
                self.limiter.accepted()
                found = read(response) if self.streamed else None
            # Decoding must not keep the connection from its next request.
            found = read(response) if found is None else found
            self.run.failures = self.run.unauthorized = 0
            return found

        attempt: Callable[[], T] = backoff.on_exception(
            self.backoff_wait_generator,
            (RetriableAPIError, requests.RequestException),
            max_tries=self.backoff_max_tries,
            giveup=self.is_final,
            jitter=self.backoff_jitter,
            on_backoff=self.backoff_handler,
            logger=None,
        )(once)
        return attempt()

    @override
    def validate_response(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.unauthorized:
            raise errors.Unauthorized
        if status in errors.UNAVAILABLE:
            self.run.answered = True
            raise errors.Unavailable(status)
        too_many = status == requests.codes.too_many_requests
        if too_many:
            self.limiter.refused(errors.retry_after(response))
        if status >= requests.codes.internal_server_error or too_many:
            raise RetriableAPIError(errors.reason(response), response)
        if status >= requests.codes.bad_request:
            raise FatalAPIError(errors.reason(response))

    # Trying again

    @override
    def backoff_max_tries(self) -> int:
        return 1 if self.run.failures >= OUTAGE else int(self.config["max_retries"]) + 1

    def is_final(self, error: Exception) -> bool:
        """Whether to try again is of no use: the answer asks to wait for longer than a run may."""
        response = getattr(error, "response", None)
        return response is not None and (errors.retry_after(response) or 0) > LONGEST_PAUSE

    @override
    def backoff_wait_generator(self) -> Generator[float, Any, None]:
        error = yield 0.0
        wait = 1.0
        while True:
            response = getattr(error, "response", None)
            asked = None if response is None else errors.retry_after(response)
            if not self.run.answered and isinstance(error, requests.ConnectionError):
                error = yield 0.2  # a wrong address should be told soon
            else:
                error = yield max(wait, asked or 0.0)
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


def body_of(response: requests.Response) -> tuple[Any, bool]:
    """Give the answer's JSON, and whether there may be something to mend in it.

    Raises:
        RetriableAPIError: It is none (HTML, empty, cut off).
    """
    try:
        return decoded(response.content)
    except ValueError:
        kind = response.headers.get("Content-Type", "sem tipo")
        message = f"a resposta não é JSON ({kind}, {len(response.content)} bytes)"
        raise RetriableAPIError(message, response) from None
