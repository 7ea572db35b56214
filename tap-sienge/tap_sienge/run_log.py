"""What happened to each stream in a run: the records of the stream ``sync_log``."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from singer_sdk import Stream
from typing_extensions import override

from tap_sienge.errors import UNAUTHORIZED, UNAUTHORIZED_HERE
from tap_sienge.mending import mended
from tap_sienge.values import SAO_PAULO, WarningCounter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from io import TextIOWrapper

    from singer_sdk.helpers.types import Context

    from tap_sienge.verdict import Code

Status = Literal["ok", "incomplete", "skipped", "failed", "postponed"]

Extent = Literal["full", "changes", "none"]
"""How much of a stream a run asks for: all, what may have changed, or nothing before it is due."""

STATUS_TEXT: dict[Status, str] = {
    "ok": "completo",
    "incomplete": "incompleto",
    "skipped": "indisponível",
    "failed": "falhou",
    "postponed": "adiado",
}

LEVELS: dict[Status, int] = {
    "ok": logging.INFO,
    "incomplete": logging.WARNING,
    "skipped": logging.WARNING,
    "failed": logging.ERROR,
    "postponed": logging.WARNING,
}

SECONDS_BETWEEN = 5.0
"""Seconds between two messages on how far a stream is."""

COST = "%s: %d requisições ou mais, pelos registros de %s; cerca de %d min pelo limite."

INTERRUPTED = "a sincronização foi interrompida"

UNITS = {"context": "consulta", "page": "página"}
"""What a read is counted in."""

NOT_READABLE: dict[int, Code] = {
    HTTPStatus.FORBIDDEN: "permission",
    HTTPStatus.METHOD_NOT_ALLOWED: "permission",
    HTTPStatus.NOT_FOUND: "subdomain",
}
"""What is probably wrong where nothing can be read, by the first refusal."""


def now() -> str:
    """São Paulo's local time, as all date-times land."""
    return datetime.now(SAO_PAULO).replace(tzinfo=None).isoformat(timespec="milliseconds")


@dataclass
class Entry:
    """The outcome of one stream in one run."""

    run_id: str
    stream: str
    started_at: str
    finished_at: str | None = None
    status: Status | None = None
    extent: Extent = "none"
    rows: int = 0
    rejected: int = 0
    requests: int = 0
    warnings: list[str] = field(default_factory=list)
    error: str | None = None

    def finish(
        self, status: Status, error: str | None, warnings: Mapping[str, int] | None = None
    ) -> None:
        """Close the entry; ``error`` says why it is not ``ok``, ``warnings`` come so many times."""
        self.finished_at, self.status, self.error = now(), status, error
        found = (warnings or {}).items()
        self.warnings += [f"{sentence} ({times} vez(es))" for sentence, times in found]

    def log(self, logger: logging.Logger) -> None:
        """Tell what the user should know."""
        for warning in self.warnings:
            logger.warning("%s", warning)
        told_already = self.error == UNAUTHORIZED  # which ends the run
        if self.error and self.status and not told_already:
            logger.log(LEVELS[self.status], "Recurso %s: %s.", STATUS_TEXT[self.status], self.error)


class RunLog:
    """The entries of one run, in the order in which streams were read."""

    def __init__(self) -> None:
        """Start a run with an id of its own."""
        self.run_id = str(uuid4())
        self.entries: list[Entry] = []
        self.refusals: list[int] = []
        """Status codes for which whole streams were not read; 0 where there was no answer."""
        self._events: TextIOWrapper | None = None
        self._requests: Counter[str] = Counter()
        self._lock = threading.Lock()

    def start(self, stream: str) -> Entry:
        """Open the entry of a stream."""
        entry = Entry(self.run_id, stream, now())
        self.entries.append(entry)
        self.write_event("begin", stream)
        return entry

    def open_events(self, path: str) -> None:
        """Write events to a file, as lines of JSON, for a program that watches the run.

        Raises:
            OSError: The file cannot be written.
        """
        self._events = open(path, "a", encoding="utf-8", buffering=1)  # noqa: PTH123, SIM115

    def write_event(self, event: str, stream: str, **facts: str | int | None) -> None:
        """Write an event to that file, if there is one; a full disk is no reason to end the run."""
        if self._events is not None:
            with suppress(OSError):
                self._events.write(json.dumps({"event": event, "stream": stream} | facts) + "\n")

    def count_request(self, stream: str) -> None:
        """Count one request, which may precede the stream's entry; called by any thread."""
        with self._lock:
            self._requests[stream] += 1

    def with_status(self, *statuses: Status) -> list[Entry]:
        """Give the entries that ended so."""
        return [entry for entry in self.entries if entry.status in statuses]

    @property
    def nothing_readable(self) -> bool:
        """Whether the tenant may read none of the streams: wrong subdomain, or no permissions."""
        return bool(self.entries) and len(self.with_status("skipped")) == len(self.entries)

    def report(self, logger: logging.Logger) -> None:
        """Say how the run ended.

        Raises:
            SystemExit: With 1 if a stream failed or if no stream could be read.
        """
        for status, text in STATUS_TEXT.items():
            if found := self.with_status(status):
                logger.log(LEVELS[status], "%s: %s", text, ", ".join(e.stream for e in found))
        code, sentence = self.outcome()
        if code not in {"ok", "quota"}:
            say = logger.critical if self.nothing_readable else logger.error
            say("%s", sentence)
            raise SystemExit(1)

    def outcome(self) -> tuple[Code, str]:
        """Give the word and the sentence that sum the run up."""
        if failed := self.with_status("failed"):
            names = ", ".join(entry.stream for entry in failed)
            readable = self.with_status("ok", "incomplete", "postponed")
            sentence = f"Não foi possível ler: {names}. O que foi lido está salvo."
            maintenance = {*self.refusals} == {HTTPStatus.SERVICE_UNAVAILABLE}
            return "failed" if readable else "maintenance" if maintenance else "down", sentence
        if self.nothing_readable:
            return NOT_READABLE.get(next(iter(self.refusals), 0), "failed"), (
                "Nenhum recurso pôde ser lido. Confira o subdomínio e as permissões do usuário de "
                "API no painel de integrações do Sienge. Primeiro motivo: "
                f"{self.entries[0].error}."
            )
        if self.entries and len(self.with_status("postponed")) == len(self.entries):
            return "quota", f"Nada foi lido: {self.entries[0].error}."
        return "ok", "Conexão feita: o Sienge respondeu."

    def correct_unauthorized(self, logger: logging.Logger) -> None:
        """Blame the resource, not the password, for a 401 that came before another was answered."""
        for entry in self.entries:
            if entry.error == UNAUTHORIZED:
                entry.error = UNAUTHORIZED_HERE
                entry.log(logger)

    def records(self) -> Iterable[dict[str, Any]]:
        """Give the entries with their number of requests.

        Empty if nothing was readable: a first record tells `meltano config test` that all is well.
        """
        if self.nothing_readable:
            return
        for entry in self.entries:
            record = asdict(entry) | {"requests": self._requests[entry.stream]}
            yield mended(record, WarningCounter())  # the API's own words may be in it


class ProgressLog:
    """Logs how far a stream of many requests is, at most every few seconds; the panel shows it."""

    def __init__(self, run_log: RunLog, stream: str, logger: logging.Logger) -> None:
        """Take the events' file, which stream it is, and the log."""
        self._run_log, self._stream, self._logger = run_log, stream, logger
        self._told_at = -SECONDS_BETWEEN

    def tell(self, unit: str, number: int, of: int, rows: int) -> None:
        """Say which of so many contexts or pages was read, from the second on."""
        if number > 1 and (time := monotonic()) - self._told_at >= SECONDS_BETWEEN:
            self._told_at = time
            what = self._stream, UNITS[unit], number, of, rows
            self._logger.info("%s: %s %d de %d, %d linhas", *what)
            self._run_log.write_event(
                "far", self._stream, unit=unit, number=number, of=of, rows=rows
            )


_MOMENT = {"type": ["string", "null"], "format": "date-time"}


class SyncLog(Stream):
    """One record per stream and run; lands like the rest and is what the panel reads."""

    name = "sync_log"
    primary_keys = ("run_id", "stream")
    schema = {  # noqa: RUF012
        "type": "object",
        "title": "Histórico das sincronizações",
        "description": "Cada linha é o resultado de um recurso em uma execução.",
        "properties": {
            "run_id": {"type": "string", "title": "Identificador da execução"},
            "stream": {"type": "string", "title": "Recurso"},
            "started_at": _MOMENT | {"title": "Início"},
            "finished_at": _MOMENT | {"title": "Fim"},
            "status": {"type": ["string", "null"], "title": "Resultado"},
            "extent": {
                "type": ["string", "null"],
                "title": "Alcance: tudo (full), alterações (changes) ou nada até a próxima (none)",
            },
            "rows": {"type": ["integer", "null"], "title": "Linhas lidas"},
            "rejected": {"type": ["integer", "null"], "title": "Registros rejeitados"},
            "requests": {"type": ["integer", "null"], "title": "Requisições feitas à API"},
            "warnings": {"type": ["array", "null"], "title": "Avisos"},
            "error": {"type": ["string", "null"], "title": "Motivo, quando não é ok"},
        },
    }

    def __init__(self, tap: Any, run_log: RunLog) -> None:  # noqa: ANN401
        """Bind the stream to the log of its run."""
        super().__init__(tap)
        self._run_log = run_log

    @override
    def get_records(self, context: Context | None) -> Iterable[dict[str, Any]]:
        yield from islice(self._run_log.records(), self.ABORT_AT_RECORD_COUNT)
