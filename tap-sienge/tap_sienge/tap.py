"""The tap: its settings, its streams in order, and the report at the end of a run."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click
import requests
from typing_extensions import override

from tap_sienge import dotenv, errors, settings
from tap_sienge.commands import Commands
from tap_sienge.estimate import Estimate, report
from tap_sienge.order import depth, joining, link, select_whole, staleness
from tap_sienge.privacy import keep_out_of_logs
from tap_sienge.record_log import RecordLog
from tap_sienge.rejected import RejectedRows
from tap_sienge.run import Run
from tap_sienge.run_log import SyncLog
from tap_sienge.settings_schema import SETTINGS
from tap_sienge.state import sound, versions
from tap_sienge.stream import SiengeStream
from tap_sienge.streams import STREAMS, presets
from tap_sienge.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from singer_sdk import Stream

GRACE = 10
"""Seconds that a run has to write what is complete, once a signal told it to end."""

LINGER = 3
"""Seconds that Meltano has to pass on the last messages; of a tap that has ended it drops them."""


def on_end(handler: signal.Handlers) -> None:
    """Set the handler of the signals that tell a run to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


class TapSienge(Commands):
    """Singer tap for Sienge, the ERP of Brazilian construction companies."""

    name = "tap-sienge"
    config_jsonschema = SETTINGS
    message_writer: Writer
    message_writer_class = Writer

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Take the SDK's arguments.

        Raises:
            settings.SettingsError: A setting is missing or malformed.
        """
        self._kept_state: dict[str, Any] = {}
        self.told_to_end = False
        """Whether a signal told the run to end."""
        # A hundred lines at every start would hide what matters.
        self.logger.addFilter(lambda record: "as child stream to" not in str(record.msg))
        keep_out_of_logs()
        try:
            super().__init__(*args, **kwargs)
        except ValueError as error:  # the SDK could not read a value from the environment
            environment = {
                name: os.environ.get(f"{self._env_var_prefix}{name.upper()}")
                for name in SETTINGS["properties"]
            }
            problems = settings.fill(environment, {})
            problems.append(f"Uma configuração {self._env_var_prefix}… não é JSON válido: {error}.")
            raise settings.SettingsError(problems[0]) from None

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        self.append_builtin_config(self.config_jsonschema)
        dotenv.restore(self._config, settings.CREDENTIALS, self._env_var_prefix)
        if self.records:
            self._config["only"] = settings.records(self.records)
        problems = settings.fill(self._config, self.config_jsonschema)
        self._config.setdefault("user_agent", f"tap-sienge/{version('tap-sienge')}")
        if problems and raise_errors:
            raise settings.SettingsError(problems[0])
        return problems

    @cached_property
    def run(self) -> Run:
        """What the streams share."""
        return Run(self.config, self.logger, self.verdict)

    # Streams

    @override
    def discover_streams(self) -> Sequence[Stream]:
        run_id, only = self.run.run_log.run_id, self.run.only
        return [
            *(declared(self, self.run) for declared in STREAMS),
            RejectedRows(self, run_id, self.run.rejects),
            SyncLog(self, self.run.run_log),
            *([RecordLog(self, run_id, only)] if only else []),
        ]

    @override
    def setup_mapper(self) -> None:
        streams = self.streams  # chosen first, as the mapper tells the columns of the chosen
        super().setup_mapper()
        if self.run.only:  # no catalog of an ordinary run has it
            log = streams[RecordLog.name]
            self.mapper.register_raw_stream_schema(log.name, log.schema, log.primary_keys)

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
                    select_whole(stream)
            self._streams = {stream.name: stream for stream in sorted(found, key=depth)}
        return self._streams

    @property
    def selected_streams(self) -> list[SiengeStream]:
        """The selected streams of the API, parents before those read by their rows."""
        streams = self.streams.values()
        return [s for s in streams if isinstance(s, SiengeStream) and s.selected]

    @override
    def load_state(self, state: dict[str, Any]) -> None:
        kept, damage = sound(state, self.run.today)
        for sentence in damage:
            self.logger.warning("%s", sentence)
        self.run.was_answered = bool(kept.get("bookmarks"))
        if self.run.only:  # of which only the loader is to know, to tell what tables it lost
            self._kept_state = kept
            kept = versions(kept)
        super().load_state(kept)

    @override  # type: ignore[misc]
    def sync_all(self) -> None:
        """Sync the selected streams, whatever happens to one of them.

        Raises:
            SystemExit: With 1 if a stream or a given record failed, or if none could be read.
        """
        run, streams = self.run, self._to_read()
        link(streams)
        if self.estimated is not None:
            return self._estimate(streams)
        run.open_progress_file()
        if taken := run.ledger.claim(stream.name for stream in streams):
            run.abort(
                f"Outra sincronização deste Sienge está lendo {', '.join(taken[:3])}"
                f"{' e outros' if len(taken) > 3 else ''}: espere que termine e tente de novo.",
                "busy",
            )
        if not run.only:
            streams.sort(key=staleness)
        for stream in streams:
            if not stream.parents() and not stream.is_idle():
                stream.contexts = stream.plan()
        run.prefetcher.announce((s, s.contexts[0]) for s in streams if s.contexts)
        try:
            self._write_first_state()
            for stream in streams:
                stream.sync()
            if run.unauthorized and not run.answered:  # none was left to ask before concluding
                run.abort(errors.UNAUTHORIZED, "password")
            run.run_log.correct_unauthorized(self.logger)
        finally:
            run.stop()
            for stream in streams:
                stream.interrupt()
            run.only.end(run.run_log)
            if run.answered or not run.aborted:
                self._sync_reports()
            if self.told_to_end:
                time.sleep(LINGER)
                os._exit(0)  # else the interpreter waits for the answers under way
            on_end(signal.SIG_DFL)  # nothing is left to tell
        self.verdict.reach(*run.run_log.outcome())
        run.run_log.report(self.logger)
        return run.only.report(self.logger)

    def _to_read(self) -> list[SiengeStream]:
        """Give the selected streams that are read, parents before those read by their rows."""
        selected = self.selected_streams
        if only := self.run.only:
            for name in only.names - {stream.name for stream in selected}:
                if name not in self.streams:
                    raise settings.SettingsError(
                        f"Configuração only: não há recurso {name}; os nomes estão em "
                        "docs/recursos.md."
                    )
                self.logger.warning("%s não está selecionado: nada dele é lido.", name)
            return only.choose(selected)
        for stream in selected:
            stream.heed_settings()
        return joining(selected) if self.run.is_round else selected

    def _sync_reports(self) -> None:
        """Sync the streams that report the run: rejected rows and logs."""
        for stream in self.streams.values():
            written = not (isinstance(stream, SyncLog) and self.run.only)  # by record_log
            if written and stream.selected and not isinstance(stream, SiengeStream):
                stream.sync()
        self.message_writer.flush()  # the SDK writes no state where a bookmark is as it was

    def _estimate(self, streams: list[SiengeStream]) -> None:
        """Print what a run will cost."""
        run = self.run
        try:
            costs = Estimate(run, streams).ask()
        except errors.Unauthorized as error:
            run.abort(str(error), "password")
        except requests.RequestException as error:
            run.abort(errors.unreachable(run.url_base, error), "down")
        finally:
            run.stop()
        limits = {api: limiter.limit for api, limiter in run.limiters.items()}
        click.echo(report(costs, limits))
        self.verdict.reach("ok", "Estimativa feita.")
        self.verdict.streams |= {cost.stream.name: cost.as_json for cost in costs}

    @override  # type: ignore[misc]
    def run_connection_test(self) -> bool:
        """Ask for one record of each stream.

        Raises:
            SystemExit: With 1 if a stream failed or if no stream could be read.
        """
        tested = [s for s in self.streams.values() if not self.only or s.name in self.only]
        try:
            self.run_sync_dry_run(streams=tested)
        finally:
            self.run.stop()
        if not self.run.aborted:
            self.verdict.reach(*self.run.run_log.outcome())
        self.verdict.streams |= {
            entry.stream: {"status": entry.status, "error": entry.error}
            for entry in self.run.run_log.entries
        }
        self.run.run_log.report(self.logger)
        return True

    def _write_first_state(self) -> None:
        self._reset_state_progress_markers()
        self._set_compatible_replication_methods()
        state: Any = self._kept_state if self.run.only else self.state
        if state:
            self._state_writer.write_state(state)
        self.message_writer.keeps_state = bool(self.run.only)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """End between two messages, and within ``GRACE`` seconds, whatever the signal interrupted.

        The alarm is the kernel's, which needs nothing of this process. A second signal, as Meltano
        sends after Ctrl-C has reached all, would end what the first began.
        """
        on_end(signal.SIG_IGN)
        if sys.platform != "win32":
            signal.alarm(GRACE)
        self.told_to_end = True
        # Without the SDK's state, which may not be wholly loaded yet; it comes with the sync_log.
        self.message_writer.between_messages(sys.exit)
