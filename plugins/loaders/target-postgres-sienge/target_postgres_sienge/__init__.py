"""``target-postgres`` whose records reach PostgreSQL as the JSON that they came as.

The original decodes each record, parses its dates, encodes each value for COPY, inserts what is new
and then updates all. Here a record's text is copied whole, PostgreSQL gives its fields the types of
the table, and one statement inserts or updates. Tables, columns, settings and the handling of
schemas, versions and states are the original's; so is the way of every record where a setting
needs its values (``stream_maps``, flattening, validation).

What is otherwise than there, the README tells.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import click
import msgspec
from target_postgres.target import TargetPostgres
from typing_extensions import override

from target_postgres_sienge import dotenv
from target_postgres_sienge.json_sink import JSONSink
from target_postgres_sienge.messages import REQUIRED, MessageReader
from target_postgres_sienge.refusals import TableError
from target_postgres_sienge.sinks import Sink
from target_postgres_sienge.unread import Unread

if TYPE_CHECKING:
    from types import FrameType

    from target_postgres_sienge.messages import Process

BY_VALUE = (
    "stream_maps",
    "flattening_enabled",
    "validate_records",
    "sanitize_null_text_characters",
    "interpret_content_encoding",
)
"""Settings that need a record's values."""

SILENCE = 3
"""Seconds after which a tap that was told to end, and says nothing, has ended."""

GRACE = 12
"""Seconds that a tap has at most to end in."""


class TargetPostgresSienge(TargetPostgres):
    """The loader: its settings are those of ``target-postgres``."""

    default_sink_class = Sink
    message_reader: MessageReader
    message_reader_class = MessageReader

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Take the SDK's arguments."""
        super().__init__(*args, **kwargs)
        dotenv.restore(self._config, ("password", "sqlalchemy_url"), "TARGET_POSTGRES_")
        self.unread = Unread(hard_delete=self.config["hard_delete"])
        self.message_reader.callbacks = {"DELETE": self._process_delete_message}
        self.message_reader.process = self._process

    @override
    def get_sink_class(self, stream_name: str) -> type[Sink]:
        by_value = not self.config["use_copy"] or any(map(self.config.get, BY_VALUE))
        return Sink if by_value else JSONSink

    def _process(self, process: Process, message: dict[str, Any]) -> None:
        """Process a message; where it cannot be, its stream fails, and the others go on.

        Raises:
            click.ClickException: It does not tell its stream, or fails as nobody foresaw.
        """
        stream = message.get("stream", "")
        if stream in self.unread.refused:
            return
        try:
            if message["type"] != "RECORD" or stream not in self._sinks_active:  # most are known
                self._check(message, stream)
            process(message)
        except TableError as error:
            if not stream:
                raise click.ClickException(str(error)) from None
            self._refuse(stream, error)
        except click.ClickException:
            raise
        except Exception as error:  # whose words may be people's data
            self.logger.debug("%s", message["type"], exc_info=True)
            place = extract_tb(error.__traceback__)[-1]
            raise click.ClickException(
                f"Uma mensagem {message['type']} do recurso {stream} não pôde ser processada: erro"
                f" inesperado ({type(error).__name__} em {Path(place.filename).name}:"
                f"{place.lineno}); avise quem mantém o target-postgres-sienge."
            ) from None

    def _check(self, message: dict[str, Any], stream: str) -> None:
        type_ = message["type"]
        if absent := REQUIRED[type_] - message.keys():
            of = f" do recurso {stream}" if stream else ""
            raise TableError(f"Uma mensagem {type_}{of} veio sem {', '.join(sorted(absent))}.")
        if type_ not in {"SCHEMA", "STATE"} and stream not in self.mapper.stream_maps:
            raise TableError(f"Uma mensagem {type_} do recurso {stream} veio antes do seu esquema.")

    @override
    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict["stream"]
        if "properties" not in message_dict["schema"]:
            raise TableError(f"O esquema do recurso {stream} veio sem os seus campos.")
        self._load_rows(stream)  # while the table is as these rows need it
        if stream in self.unread.refused:
            return
        super()._process_schema_message(message_dict)
        if self.unread.note_tables(stream, self._sinks(stream)):
            self.drain_all()  # before a row lands, from which on the table is not empty any more

    def _sinks(self, stream: str) -> list[Sink]:
        """Give where a stream's rows go: under its name, or as ``stream_maps`` tells."""
        maps = self.mapper.stream_maps.get(stream, [])
        found = (self._sinks_active.get(map_.stream_alias) for map_ in maps)
        return [sink for sink in found if isinstance(sink, Sink)]

    def _refuse(self, stream: str, error: TableError) -> None:
        self.logger.error("%s", error)
        self.unread.refuse(stream, str(error))
        for sink in self._sinks(stream):  # of a batch no part lands
            sink.start_drain()
            sink.mark_drained()

    def refuse_rows(self, name: str, error: TableError) -> None:
        """Take no more of the stream whose rows go under a name, and tell why."""
        for stream, maps in self.mapper.stream_maps.items():
            if any(map_.stream_alias == name for map_ in maps):
                self._refuse(stream, error)

    def _load_rows(self, stream: str) -> None:
        """Load a stream's rows that came so far; only then it is sure whether it is refused."""
        for sink in self._sinks(stream):
            self.drain_one(sink)

    @override
    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict["stream"]
        record = message_dict.get("record", msgspec.Raw())
        if bytes(memoryview(record)[:1]) != b"{":
            raise TableError(f"Uma mensagem do recurso {stream} veio sem o seu registro.")
        if stream == "sync_log":
            message_dict["record"] = record = self._told(record)
        sink = self._sinks_active.get(stream)
        if isinstance(sink, JSONSink):
            sink.keep(message_dict)
            if sink.is_full:
                self.drain_one(sink)
            self._handle_max_record_age()
        else:
            message_dict["record"] = msgspec.json.decode(record)
            super()._process_record_message(message_dict)

    def _told(self, record: msgspec.Raw) -> msgspec.Raw:
        """Correct what the tap, which does not see the tables, reports of a stream."""
        entry = msgspec.json.decode(record)
        self._load_rows(entry.get("stream"))
        return msgspec.Raw(msgspec.json.encode(self.unread.told(entry)))

    @override
    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict["stream"]
        self._load_rows(stream)
        if stream not in self.unread.refused:
            super()._process_activate_version_message(message_dict)
            self.unread.note_whole(stream)

    def _process_delete_message(self, message_dict: dict[str, Any]) -> None:
        """Delete the rows with certain values, but those of a version and later ones.

        It is not Singer's: the tap writes it after reading given records, of which nothing else
        than what came is left.
        """
        stream = message_dict["stream"]
        self._load_rows(stream)
        for sink in [] if stream in self.unread.refused else self._sinks(stream):
            sink.delete(message_dict["where"], message_dict["version"])

    @override
    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        super()._process_state_message(message_dict)
        self.unread.begin(message_dict["value"].get("bookmarks") or {})

    @override
    def _write_state_message(self, state: dict[str, Any]) -> None:
        self.unread.withhold(state.get("bookmarks") or {})
        super()._write_state_message(state)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """Read on until the tap has ended, which Meltano tells to end in the same instant.

        Meltano then leaves the input open, so that a silent tap counts as ended. A batch on its way
        is not cut: the state may already tell of its rows.
        """
        if sys.platform == "win32":
            super()._handle_termination(signum, frame)
        last = time.monotonic() + GRACE

        def look(*_: object) -> None:
            if time.monotonic() > last or self.message_reader.is_silent():
                self.message_reader.end()

        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, SILENCE, 1)  # again: it may have met no reader yet

    @override
    def process_endofpipe(self) -> None:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)
        super().process_endofpipe()
        for sentence in self.unread.sentences():
            self.logger.warning("%s", sentence)
        if self.unread.refused:
            sys.exit(1)


if __name__ == "__main__":
    TargetPostgresSienge.cli()
