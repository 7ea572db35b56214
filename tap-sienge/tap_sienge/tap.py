"""The tap: its settings, its streams in order, and the report at the end of a run."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from datetime import date, datetime
from functools import cached_property
from importlib.metadata import version
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, NoReturn

import click
import requests
from typing_extensions import override

from tap_sienge import dotenv, errors, network, settings
from tap_sienge.client import SiengeStream
from tap_sienge.commands import Commands
from tap_sienge.estimate import Estimate, report
from tap_sienge.ledger import Ledger
from tap_sienge.limits import Kind, RateLimiter
from tap_sienge.privacy import keep_out_of_logs
from tap_sienge.reader import Reader
from tap_sienge.rejected import RejectedRows, Rejects
from tap_sienge.run_log import RunLog, SyncLog
from tap_sienge.state import sound
from tap_sienge.streams import STREAMS, presets
from tap_sienge.values import SAO_PAULO
from tap_sienge.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from singer_sdk import Stream

    from tap_sienge.verdict import Code

GRACE = 10
"""Seconds in which a run that is told to end may still tell what is complete."""

LINGER = 3
"""Seconds that Meltano has to pass on the last messages; of a tap that has ended it drops them."""


def depth(stream: Stream) -> int:
    """Give how many generations of parents must be read before a stream."""
    if not isinstance(stream, SiengeStream):
        return 99
    return max((1 + _generations(parent) for parent in stream.parents), default=0)


def _generations(stream: type[Stream]) -> int:
    parent = stream.parent_stream_type
    return 0 if parent is None else 1 + _generations(parent)


def on_end(handler: signal.Handlers) -> None:
    """Set what the signals do that tell a run to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


class TapSienge(Commands):
    """Singer tap for Sienge, the ERP of Brazilian construction companies."""

    name = "tap-sienge"
    config_jsonschema = settings.SETTINGS
    message_writer: Writer
    message_writer_class = Writer

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Take the SDK's arguments.

        Raises:
            settings.SettingsError: A setting is missing or malformed.
        """
        self.answered = False
        """Whether the API has accepted the credentials in this run."""
        self.aborted = False
        """Whether the run ended at once, as with a wrong password."""
        self.told_to_end = False
        """Whether a signal ended the run."""
        self.unauthorized = 0
        """Streams of which user or password were refused, without any useful answer between."""
        self.failures = 0
        """Streams that failed one after the other, without any useful answer between."""
        self.run_log = RunLog()
        self.rejects = Rejects()
        # A hundred lines at every start would hide what matters.
        self.logger.addFilter(lambda record: "as child stream to" not in str(record.msg))
        keep_out_of_logs()
        try:
            super().__init__(*args, **kwargs)
        except ValueError as error:  # the SDK could not read a value from the environment
            environment = {
                name: os.environ.get(f"{self._env_var_prefix}{name.upper()}")
                for name in settings.SETTINGS["properties"]
            }
            problems = settings.fill(environment, {})
            problems.append(f"Uma configuração {self._env_var_prefix}… não é JSON válido: {error}.")
            raise settings.SettingsError(problems[0]) from None

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        self.append_builtin_config(self.config_jsonschema)
        dotenv.restore(self._config, settings.CREDENTIALS, self._env_var_prefix)
        problems = settings.fill(self._config, self.config_jsonschema)
        self._config.setdefault("user_agent", f"tap-sienge/{version('tap-sienge')}")
        if problems and raise_errors:
            raise settings.SettingsError(problems[0])
        return problems

    # What the streams share

    @cached_property
    def today(self) -> date:
        """The day of the run in São Paulo, where Sienge's days begin and end."""
        return datetime.now(SAO_PAULO).date()

    @cached_property
    def session(self) -> requests.Session:
        """The HTTP session with one connection per thread."""
        return network.session(self.config)

    @cached_property
    def ledger(self) -> Ledger:
        """What all processes of this machine asked of the tenant.

        Raises:
            settings.SettingsError: Its file cannot be used.
        """
        path = settings.quota_db(dict(self.config))
        address = self.config["api_url"].replace("{subdomain}", self.config["subdomain"])
        try:
            return Ledger(path, address.rstrip("/"))
        except (OSError, sqlite3.Error) as error:
            raise settings.SettingsError(
                f"Configuração quota_db: não consegui usar o arquivo {path} ({error}). Indique um "
                "arquivo em que este usuário possa gravar, ou apague-o se estiver danificado."
            ) from None

    @cached_property
    def limiters(self) -> dict[Kind, RateLimiter]:
        """One limiter for each of the API's two kinds of requests."""
        per_minute: dict[Kind, str] = {
            "rest": "requests_per_minute",
            "bulk": "bulk_requests_per_minute",
        }
        quotas = settings.quotas(dict(self.config))
        timeouts: dict[Kind, int] = {
            "rest": self.config["request_timeout"],
            "bulk": self.config["bulk_timeout"],
        }
        reserves: dict[Kind, int] = {"rest": self.config["quota_reserve"], "bulk": 0}
        return {
            kind: RateLimiter(
                self.ledger,
                kind,
                self.config[name],
                quotas[kind],
                timeouts[kind],
                reserve=reserves[kind],
            )
            for kind, name in per_minute.items()
        }

    @cached_property
    def connections(self) -> BoundedSemaphore:
        """Held while a request is under way."""
        return BoundedSemaphore(self.config["max_connections"])

    @cached_property
    def reader(self) -> Reader:
        """The connections of the run."""
        return Reader(self.config["max_connections"])

    # Streams

    @override
    def discover_streams(self) -> Sequence[Stream]:
        return [
            *(declared(self) for declared in STREAMS),
            RejectedRows(self, self.run_log.run_id, self.rejects),
            SyncLog(self, self.run_log),
        ]

    @override
    def setup_mapper(self) -> None:
        self.streams  # noqa: B018 - chosen first, as the mapper tells the columns of the chosen
        super().setup_mapper()

    @property
    @override
    def streams(self) -> dict[str, Stream]:
        """All streams, parents before those read by their rows, the report last."""
        if self._streams is None:
            found = list(super().streams.values())
            if wanted := self.only or presets().get(self.estimated or ""):
                for stream in found:
                    stream.selected = stream.name in wanted
            for stream in found:
                if isinstance(stream, SiengeStream) and stream.has_selected_descendents:
                    stream.draw_in()
            self._streams = {stream.name: stream for stream in sorted(found, key=depth)}
        return self._streams

    @cached_property
    def rest_streams(self) -> dict[str, SiengeStream]:
        """The selected streams of the API, in the order in which they are read."""
        streams = self.streams.values()
        return {s.name: s for s in streams if isinstance(s, SiengeStream) and s.selected}

    # The run

    @override
    def load_state(self, state: dict[str, Any]) -> None:
        kept, told = sound(state, self.today)
        for sentence in told:
            self.logger.warning("%s", sentence)
        super().load_state(kept)

    @override  # type: ignore[misc]
    def sync_all(self) -> None:
        """Sync the selected streams, whatever happens to one of them.

        Raises:
            SystemExit: With 1 if a stream failed or if no stream could be read.
        """
        streams = list(self.rest_streams.values())
        for stream in streams:
            stream.heed_settings()
            for parent in stream.read_parents:
                parent.followers.append(stream)
        if self.estimated is not None:
            return self._estimate()
        if path := self.config.get("progress_file"):
            try:
                self.run_log.tell_in(path)
            except OSError as error:
                raise settings.SettingsError(
                    f"Configuração progress_file: não consegui gravar em {path} ({error.strerror})."
                ) from None
        if taken := self.ledger.claim(self.rest_streams):
            self.abort(
                f"Outra sincronização deste Sienge está lendo {', '.join(taken[:3])}"
                f"{' e outros' if len(taken) > 3 else ''}: espere que termine e tente de novo.",
                "busy",
            )
        streams.sort(key=self._staleness)
        self.reader.plan(
            (s, s.contexts[0]) for s in streams if not s.parents and not s.idle and s.contexts
        )
        try:
            self._write_first_state()
            for stream in streams:
                stream.sync()
        finally:
            self.stop()
            for stream in streams:
                stream.interrupt()
            if self.answered or not self.aborted:
                self._sync_log()
            if self.told_to_end:
                time.sleep(LINGER)
                os._exit(0)  # else the interpreter waits for the answers under way
            on_end(signal.SIG_DFL)  # nothing is left to tell
        return self.run_log.report(self.logger)

    def _staleness(self, stream: SiengeStream) -> str:
        """Give the moment since which a stream, or one that is asked for by its rows, waits."""
        ended: str = stream.stream_state.get("ended_at", "")
        return min([ended, *map(self._staleness, stream.followers)])

    def _sync_log(self) -> None:
        """Sync what tells of the run itself."""
        for stream in self.streams.values():
            if stream.selected and not isinstance(stream, SiengeStream):
                stream.sync()

    def _estimate(self) -> None:
        """Print what a run will cost."""
        try:
            costs = Estimate(self).ask()
        except errors.Unauthorized as error:
            self.abort(str(error), "password")
        except requests.RequestException as error:
            address = next(iter(self.rest_streams.values())).url_base
            self.abort(errors.unreachable(address, error), "down")
        finally:
            self.stop()
        limits = {kind: limiter.limit for kind, limiter in self.limiters.items()}
        click.echo(report(costs, limits))
        self.verdict.reach("ok", "Estimativa feita.")
        self.verdict.streams |= {cost.stream.name: cost.told for cost in costs}

    @override  # type: ignore[misc]
    def run_connection_test(self) -> bool:
        """Ask for one record of each stream.

        Raises:
            SystemExit: With 1 if a stream failed or if no stream could be read.
        """
        asked = [s for s in self.streams.values() if not self.only or s.name in self.only]
        try:
            self.run_sync_dry_run(streams=asked)
        finally:
            self.stop()
        if not self.aborted:
            self.verdict.reach(*self.run_log.outcome())
        self.verdict.streams |= {
            entry.stream: {"status": entry.status, "error": entry.error}
            for entry in self.run_log.entries
        }
        self.run_log.report(self.logger)
        return True

    def _write_first_state(self) -> None:
        self._reset_state_progress_markers()
        self._set_compatible_replication_methods()
        if self.state:
            self._state_writer.write_state(self.state)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End in order, but end: neither an answer to come nor a lock that the signal met counts.

        The alarm is the kernel's, which needs nothing of this process. A second signal, as Meltano
        sends after Ctrl-C has reached all, would end what the first began.
        """
        on_end(signal.SIG_IGN)
        if sys.platform != "win32":
            signal.alarm(GRACE)
        self.told_to_end = True
        # Without the SDK's state, which may not be wholly loaded yet; it comes with the sync_log.
        self.message_writer.between_messages(sys.exit)

    def stop(self) -> None:
        """Let no further request start."""
        for limiter in self.limiters.values():
            limiter.close()
        self.reader.close()

    def abort(self, sentence: str, code: Code = "failed") -> NoReturn:
        """End the run at once.

        Raises:
            SystemExit: With 1, after logging the sentence.
        """
        self.aborted = True
        self.stop()
        self.verdict.reach(code, sentence)
        self.logger.critical("%s", sentence)
        raise SystemExit(1)
