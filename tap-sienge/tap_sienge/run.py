"""What the streams of one run share: the day, the connections, the quota, and what happened."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, NoReturn

from tap_sienge import network, settings, values
from tap_sienge.ledger import Ledger
from tap_sienge.limits import Api, RateLimiter
from tap_sienge.only import Only
from tap_sienge.prefetch import PagePrefetcher
from tap_sienge.privacy import Privacy
from tap_sienge.rejected import Rejects
from tap_sienge.run_log import RunLog

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping
    from datetime import date

    import requests

    from tap_sienge.verdict import Code, Verdict

OUTAGE = 3
"""Streams in a row that failed, from which on the API is taken to be down."""


class Run:
    """One run of the tap. Each part is made when a stream first needs it."""

    def __init__(self, config: Mapping[str, Any], logger: logging.Logger, verdict: Verdict) -> None:
        """Take the tap's settings, where it logs, and where it says how a test ends."""
        self.config = config
        self.run_log = RunLog()
        self.rejects = Rejects()
        self.only = Only(config.get("only", {}), config.get("only_since", ""))
        """The given records to read, if not all that is due."""
        self.is_round: bool = config["round"]
        """Whether only what the API can tell to have changed is asked for."""
        self.answered = False
        """Whether the API has accepted the credentials in this run."""
        self.was_answered = False
        """Whether it has in an earlier run."""
        self.aborted = False
        """Whether the run ended at once, as with a wrong password."""
        self.unauthorized = 0
        """Streams of which user or password were refused, without any useful answer between."""
        self.failures = 0
        """Streams that failed one after the other, without any useful answer between."""
        self._logger, self._verdict = logger, verdict

    @cached_property
    def today(self) -> date:
        """The day of the run, which may end on the next."""
        return values.today()

    @cached_property
    def privacy(self) -> Privacy:
        """What becomes of personal data."""
        return Privacy(self.config)

    @cached_property
    def url_base(self) -> str:
        """The address in front of every path."""
        url: str = self.config["api_url"]
        return url.replace("{subdomain}", self.config["subdomain"]).rstrip("/")

    @cached_property
    def session(self) -> requests.Session:
        """The HTTP session with one connection per thread."""
        return network.session(self.config)

    @cached_property
    def ledger(self) -> Ledger:
        """The requests of all processes of this machine for the tenant.

        Raises:
            settings.SettingsError: Its file cannot be used.
        """
        path = settings.quota_db(dict(self.config))
        try:
            return Ledger(path, self.url_base)
        except (OSError, sqlite3.Error) as error:
            raise settings.SettingsError(
                f"Configuração quota_db: não consegui usar o arquivo {path} ({error}). Indique um "
                "arquivo em que este usuário possa gravar, ou apague-o se estiver danificado."
            ) from None

    @cached_property
    def limiters(self) -> dict[Api, RateLimiter]:
        """One limiter for each of the two APIs, which Sienge counts apart."""
        config, quotas = self.config, settings.quotas(dict(self.config))
        return {
            "rest": RateLimiter(
                self.ledger,
                "rest",
                config["requests_per_minute"],
                quotas["rest"],
                config["request_timeout"],
                reserve=config["quota_reserve"],
            ),
            "bulk": RateLimiter(
                self.ledger,
                "bulk",
                config["bulk_requests_per_minute"],
                quotas["bulk"],
                config["bulk_timeout"],
            ),
        }

    @cached_property
    def connections(self) -> BoundedSemaphore:
        """Held while a request is under way."""
        return BoundedSemaphore(self.config["max_connections"])

    @cached_property
    def prefetcher(self) -> PagePrefetcher:
        """The threads that fetch pages ahead of need."""
        return PagePrefetcher(self.config["max_connections"])

    @property
    def is_outage(self) -> bool:
        """Whether so many streams failed that no request is tried again until one is answered."""
        return self.failures >= OUTAGE

    def note_unauthorized(self) -> bool:
        """Count a stream that was refused; tell whether user or password must be wrong.

        Where an earlier run was answered, another resource is asked before that is concluded: else
        one that is always refused, and read first, would end every run.
        """
        self.unauthorized += 1
        may_be_right = self.answered or (self.was_answered and self.unauthorized == 1)
        return not may_be_right or self.unauthorized >= OUTAGE

    def open_progress_file(self) -> None:
        """Open the file of the setting ``progress_file``, if given, for the run's events.

        Raises:
            settings.SettingsError: The file cannot be written.
        """
        if path := self.config.get("progress_file"):
            self._verdict.progress_file = path
            try:
                self.run_log.open_events(path)
            except OSError as error:
                raise settings.SettingsError(
                    f"Configuração progress_file: não consegui gravar em {path} ({error.strerror})."
                ) from None

    def stop(self) -> None:
        """Let no further request start."""
        for limiter in self.limiters.values():
            limiter.close()
        self.prefetcher.close()

    def abort(self, sentence: str, code: Code = "failed") -> NoReturn:
        """End the run at once.

        Raises:
            SystemExit: With 1, after logging the sentence.
        """
        self.aborted = True
        self.stop()
        self._verdict.reach(code, sentence)
        self._logger.critical("%s", sentence)
        raise SystemExit(1)
