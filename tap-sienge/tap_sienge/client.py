"""One request to Sienge: what is sent, what its answer means, and when it is tried again."""

from __future__ import annotations

import random
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import quote

import backoff
import requests
from requests.auth import HTTPBasicAuth
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError

from tap_sienge import error_body, errors
from tap_sienge.decode import decoded
from tap_sienge.limits import LONGEST_PAUSE

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Collection, Generator, Mapping

    from backoff.types import Details

    from tap_sienge.limits import Api, RateLimiter
    from tap_sienge.run import Run
    from tap_sienge.values import Record

T = TypeVar("T")

LONGEST_WAIT = 30.0
"""Seconds between two attempts at most, unless the answer asks for more."""

DATA = {requests.codes.ok, requests.codes.non_authoritative_info}
"""Status codes of answers that bring data: whole, and of what was asked for."""

UNSENDABLE = {".", ".."}
"""Ids that no URL's path can hold: to every client they mean a folder."""


class SiengeClient:
    """Sends the requests of one stream, retries them, and gives decoded answers.

    >>> request = client.prepare("/v1/bills/{billId}/taxes", {"billId": 7}, {"limit": 200})
    >>> body, may_need_mending = client.send(request, body_of)
    """

    streamed = False
    """Whether the body of an answer is still to come when the answer is read."""
    data: ClassVar[Collection[int]] = DATA
    """Status codes of answers that are read."""

    def __init__(self, run: Run, name: str, api: Api, logger: logging.Logger) -> None:
        """Take the run, the stream's name, which API it is read from, and where to log retries."""
        self.run = run
        self._name = name
        self._api = api
        self._logger = logger

    @cached_property
    def limiter(self) -> RateLimiter:
        """The limiter that counts these requests."""
        return self.run.limiters[self._api]

    @cached_property
    def _authentication(self) -> HTTPBasicAuth:
        config = self.run.config
        return HTTPBasicAuth(config["username"].encode(), config["password"].encode())

    @property
    def timeouts(self) -> tuple[int, int]:
        """Seconds to wait for a connection, and for each part of an answer."""
        timeout = int(self.run.config["request_timeout"])
        return timeout, timeout

    def prepare(
        self, path: str, context: Record, params: Mapping[str, Any]
    ) -> requests.PreparedRequest:
        """Build the request for a path, in which ``{name}`` stands for the context's value.

        Raises:
            FatalAPIError: An id cannot be part of an address.
        """
        for name, value in context.items():
            if f"{{{name}}}" in path and str(value) in UNSENDABLE:
                raise FatalAPIError(f"o código {value} não pode fazer parte de um endereço")
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        return self.prepare_url(self.run.url_base + path, params)

    def prepare_url(
        self, url: str, params: Mapping[str, Any] | None = None
    ) -> requests.PreparedRequest:
        """Build the request for an address; a parameter that is None is left out."""
        request = requests.Request(
            "GET",
            url,
            headers={"User-Agent": self.run.config["user_agent"]},
            params=params,
            auth=self._authentication,
        )
        return self.run.session.prepare_request(request)

    def send(self, request: requests.PreparedRequest, read: Callable[[requests.Response], T]) -> T:
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
        run = self.run

        def once() -> T:
            with run.connections, self.limiter.slot() as place:
                run.run_log.count_request(self._name)
                response = run.session.send(
                    request,
                    timeout=self.timeouts,
                    stream=self.streamed,
                    allow_redirects=False,  # another address has another record's data
                )
                self.limiter.note_headers(place, response.headers)
                self.validate_response(response)
                run.answered = True
                self.limiter.accepted()
                found = read(response) if self.streamed else None
            # Decoding must not keep the connection from its next request.
            found = read(response) if found is None else found
            run.failures = run.unauthorized = 0
            return found

        attempt: Callable[[], T] = backoff.on_exception(
            self._waits,
            (RetriableAPIError, requests.RequestException),
            max_tries=lambda: 1 if run.is_outage else int(run.config["max_retries"]) + 1,
            giveup=self.is_final,
            jitter=lambda seconds: seconds * random.uniform(1.0, 1.25),
            on_backoff=self._log_retry,
            logger=None,
        )(once)
        return attempt()

    def validate_response(self, response: requests.Response) -> None:
        """Raise what the status code of an answer means, unless it brings data."""
        status = response.status_code
        if status == requests.codes.unauthorized:
            raise errors.Unauthorized
        if status in errors.UNAVAILABLE:
            self.run.answered = True
            raise errors.Unavailable(status, by_api=error_body.is_by_api(response))
        too_many = status == requests.codes.too_many_requests
        if too_many:
            self.limiter.refused(errors.retry_after(response))
        if status >= requests.codes.internal_server_error or too_many:
            raise RetriableAPIError(error_body.reason(response), response)
        if status >= requests.codes.bad_request:
            raise FatalAPIError(error_body.reason(response))
        if status not in self.data:
            raise RetriableAPIError(error_body.reason(response), response)

    # Trying again

    def is_final(self, error: Exception) -> bool:
        """Whether to try again is of no use: the answer asks to wait for longer than a run may."""
        response = getattr(error, "response", None)
        return response is not None and (errors.retry_after(response) or 0) > LONGEST_PAUSE

    def _waits(self) -> Generator[float, Any, None]:
        """Give the seconds to wait after each error: twice as many, or what the answer says."""
        error = yield 0.0
        wait = 1.0
        while True:
            response = getattr(error, "response", None)
            told = None if response is None else errors.retry_after(response)
            if not self.run.answered and isinstance(error, requests.ConnectionError):
                error = yield 0.2  # a wrong address should be told soon
            else:
                error = yield max(wait, told or 0.0)
                wait = min(2 * wait, LONGEST_WAIT)

    def _log_retry(self, details: Details) -> None:
        self._logger.warning(
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
        raise not_json(response, len(response.content)) from None


def not_json(response: requests.Response, size: int) -> RetriableAPIError:
    """Give the error of an answer of so many bytes that is no JSON."""
    content_type = response.headers.get("Content-Type", "sem tipo")
    return RetriableAPIError(f"a resposta não é JSON ({content_type}, {size} bytes)", response)
