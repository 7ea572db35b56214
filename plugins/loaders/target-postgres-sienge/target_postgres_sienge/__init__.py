"""``target-postgres`` whose records reach PostgreSQL as the JSON that they came as.

The original decodes each record, parses its dates, encodes each value for COPY, inserts what is new
and then updates all. Here a record's text is copied whole, PostgreSQL gives its fields the types of
the table, and one statement inserts or updates. Tables, columns, settings and the handling of
schemas, versions and states are the original's; so is the way of every record where a setting
needs its values (``stream_maps``, flattening, validation).

What is otherwise than there, the README tells.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from select import select
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec
from singer_sdk.exceptions import MissingKeyPropertiesError
from singer_sdk.singerlib.encoding import GenericSingerReader
from singer_sdk.singerlib.exceptions import InvalidInputLine
from target_postgres.target import TargetPostgres
from typing_extensions import TypedDict, override

from target_postgres_sienge import dotenv
from target_postgres_sienge.refusals import TableError
from target_postgres_sienge.sinks import JSONSink, Sink
from target_postgres_sienge.unread import Unread

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

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


class Message(TypedDict, total=False):
    """A Singer message; a record stays JSON."""

    type: str
    stream: str
    record: msgspec.Raw
    schema: dict[str, Any]
    key_properties: list[str]
    time_extracted: str
    version: int
    partial: bool
    where: dict[str, str]
    value: dict[str, Any]
    encoding: dict[str, Any]
    manifest: list[str]


class MessageReader(GenericSingerReader[bytes]):
    """Reads messages without a look into the records."""

    _decoder = msgspec.json.Decoder(Message)

    callbacks: Mapping[str, Callable[[dict[str, Any]], None]] = {}
    """What takes messages that are not Singer's, by their types."""
    ended = False
    """Whether the input was closed here, perhaps in the midst of a line."""

    @override
    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        self.input = file_input or self.default_input
        known = {**callbacks, **self.callbacks}
        return super().process_lines(self._lines(), known)  # type: ignore[arg-type]

    def _lines(self) -> Iterator[bytes]:
        for line in self.input:
            if self.ended and line[-1:] not in (b"\n", "\n"):  # from a file that is text
                return
            yield line

    def is_silent(self) -> bool:
        """Whether nothing waits to be read."""
        return not select([self.input], [], [], 0)[0]

    def end(self) -> None:
        """Let the input end behind what was read already, and wake who waits for more."""
        self.ended = True
        os.dup2(os.open(os.devnull, os.O_RDONLY), self.input.fileno())

    @property
    @override
    def default_input(self) -> IO[bytes]:
        return sys.stdin.buffer

    @override
    def deserialize_json(self, line: bytes) -> dict[str, Any]:
        """Decode one message.

        Raises:
            InvalidInputLine: It is not JSON, or not a Singer message.
        """
        try:
            return self._decoder.decode(line)  # type: ignore[return-value]
        except msgspec.MsgspecError as error:  # the line itself holds people's data
            message = f"A mensagem de {len(line)} bytes não é do Singer: {error}"
            raise InvalidInputLine(message) from None


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

    @override
    def get_sink_class(self, stream_name: str) -> type[Sink]:
        by_value = not self.config["use_copy"] or any(map(self.config.get, BY_VALUE))
        return Sink if by_value else JSONSink

    @override
    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict.get("stream", "")
        if self._is_refused(stream):  # drained while the table is as its rows need it
            return
        try:
            super()._process_schema_message(message_dict)
            again = self.unread.is_again(stream, self._sinks(stream))
        except TableError as error:
            self._refuse(stream, error)
            return
        if again:
            self.drain_all()  # before a row lands, from which on the table is not empty any more

    def _sinks(self, stream: str) -> list[Sink]:
        """Give where a stream's rows go: under its name, or as ``stream_maps`` tells."""
        maps = self.mapper.stream_maps.get(stream, [])
        found = (self._sinks_active.get(map_.stream_alias) for map_ in maps)
        return [sink for sink in found if isinstance(sink, Sink)]

    def _refuse(self, stream: str, error: TableError) -> None:
        self.logger.error("%s", error)
        self.unread.refuse(stream, str(error))

    def refuse_rows(self, name: str, error: TableError) -> None:
        """Take no more of the stream whose rows go under a name, and tell why."""
        for stream, maps in self.mapper.stream_maps.items():
            if any(map_.stream_alias == name for map_ in maps):
                self._refuse(stream, error)

    def _is_refused(self, stream: str) -> bool:
        """Whether the stream is refused, after all of its rows that came so far."""
        for sink in self._sinks(stream):
            self.drain_one(sink)
        return stream in self.unread.refused

    @override
    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict.get("stream", "")
        if stream in self.unread.refused:
            return
        record = message_dict.get("record", msgspec.Raw())
        if bytes(memoryview(record)[:1]) != b"{":
            raise click.ClickException(f"Uma mensagem do recurso {stream} veio sem o seu registro.")
        if stream == "sync_log":
            message_dict["record"] = record = self._told(record)
        sink = self._sinks_active.get(stream)
        if isinstance(sink, JSONSink):
            sink.keep(message_dict)
            if sink.is_full:
                self.drain_one(sink)
            self._handle_max_record_age()
        else:
            message_dict["record"] = values = msgspec.json.decode(record)
            try:
                super()._process_record_message(message_dict)
            except MissingKeyPropertiesError as error:
                raise self._sinks(stream)[0].without_key(values, error) from None

    def _told(self, record: msgspec.Raw) -> msgspec.Raw:
        """Correct what the tap, which does not see the tables, reports of a stream."""
        entry = msgspec.json.decode(record)
        self._is_refused(entry.get("stream"))
        return msgspec.Raw(msgspec.json.encode(self.unread.told(entry)))

    @override
    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        if message_dict["stream"] not in self.unread.refused:
            super()._process_batch_message(message_dict)

    @override
    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        stream = message_dict["stream"]
        if self._is_refused(stream):
            return
        try:
            super()._process_activate_version_message(message_dict)
        except TableError as error:
            self._refuse(stream, error)
        else:
            self.unread.is_whole(stream)

    def _process_delete_message(self, message_dict: dict[str, Any]) -> None:
        """Delete the rows with certain values, but those of a version and later ones.

        It is not Singer's: the tap writes it after reading given records, of which nothing else
        than what came is left.
        """
        stream = message_dict["stream"]
        if self._is_refused(stream):
            return
        try:
            for sink in self._sinks(stream):
                sink.delete(message_dict["where"], message_dict["version"])
        except TableError as error:
            self._refuse(stream, error)

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
        for sentence in self.unread.sentences:
            self.logger.warning("%s", sentence)
        if self.unread.refused:
            sys.exit(1)


if __name__ == "__main__":
    TargetPostgresSienge.cli()
