"""``target-postgres`` whose records reach PostgreSQL as the JSON that they came as.

The original decodes each record, parses its dates, encodes each value for COPY, inserts what is new
and then updates all. Here a record's text is copied whole, PostgreSQL gives its fields the types of
the table, and one statement inserts or updates. Tables, columns, settings and the handling of
schemas, versions and states are the original's; so is the way of every record where a setting
needs its values (``stream_maps``, flattening, validation).

Otherwise than there, ``_sdc_inserted_at`` tells when a row first came, an absent object or list is
NULL instead of JSON's ``null``, a field that the schema lacks is left out without a warning, and a
text in a column of lists is refused.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import cached_property
from select import select
from typing import IO, TYPE_CHECKING, Any

import msgspec
from singer_sdk.singerlib.encoding import GenericSingerReader
from singer_sdk.singerlib.exceptions import InvalidInputLine
from target_postgres.sinks import PostgresSink
from target_postgres.target import TargetPostgres
from typing_extensions import TypedDict, override

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Hashable, Iterator
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

INSERTED = "_sdc_inserted_at"
"""Column with the moment, in UTC, at which a row first came; NULL where that was before it."""


class Message(TypedDict, total=False):
    """A Singer message; a record stays JSON."""

    type: str
    stream: str
    record: msgspec.Raw
    schema: dict[str, Any]
    key_properties: list[str]
    time_extracted: str
    version: int
    value: dict[str, Any]
    encoding: dict[str, Any]
    manifest: list[str]


class Reader(GenericSingerReader[bytes]):
    """Reads messages without a look into the records."""

    _decoder = msgspec.json.Decoder(Message)

    ended = False
    """Whether the input was closed here, perhaps in the midst of a line."""

    @override
    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        self.input = file_input or self.default_input
        return super().process_lines(self._lines(), callbacks)  # type: ignore[arg-type]

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


class JSONSink(PostgresSink):
    """Keeps the last record of each key, as JSON, until the batch is written."""

    @override
    def setup(self) -> None:
        super().setup()
        if not self.include_sdc_metadata_properties:
            return
        with self.connector._connect() as connection, connection.begin():
            exists = self.connector.column_exists(
                full_table_name=self.full_table_name, column_name=INSERTED, connection=connection
            )
            if not exists:
                connection.exec_driver_sql(
                    f"alter table {self.table} add column {INSERTED} timestamp, alter column"
                    f" {INSERTED} set default (clock_timestamp() at time zone 'UTC')"
                )

    @property
    def table(self) -> str:
        """The table's quoted name."""
        quoted = self.connector._engine.dialect.identifier_preparer.quote
        return ".".join(map(quoted, filter(None, (self.schema_name, self.table_name))))

    @cached_property
    def key(self) -> Callable[[bytes], Hashable]:
        """Gives the key of a record's JSON.

        The function raises ``msgspec.ValidationError`` if the record has none.
        """
        names = {f"key{number}": name for number, name in enumerate(self.key_properties)}
        kind = msgspec.defstruct("Key", [(name, Any) for name in names], rename=names, frozen=True)
        return msgspec.json.Decoder(kind).decode

    def keep(self, message: dict[str, Any]) -> None:
        """Add a record to the batch."""
        rows: dict[Hashable, bytes] = self._get_context({}).setdefault("rows", {})
        record = bytes(message["record"])
        rows[len(rows) if self.append_only else self.key(record)] = b"%b\t%b\t%b\t%f\n" % (
            record.replace(b"\\", rb"\\"),
            message.get("time_extracted", r"\N").encode(),
            str(message.get("version", r"\N")).encode(),
            time.time(),
        )
        self.tally_record_read()
        self.record_counter_metric.increment()

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        if "records" in context:  # from a file: BATCH messages
            super().process_batch(context)
            return
        with self.connector._connect() as connection, connection.begin():
            cursor = connection.connection.cursor()
            cursor.execute(
                "create temp table batch (record json, extracted_at timestamp, version bigint,"
                " received_at float) on commit drop"
            )
            with cursor.copy("copy batch from stdin") as copy:
                copy.write(b"".join(context["rows"].values()))
            cursor.execute(self.merge)

    @cached_property
    def merge(self) -> str:
        """The statement that brings a batch's records to the table."""
        quoted = self.connector._engine.dialect.identifier_preparer.quote
        values = {name: f"record.{quoted(name)}" for name in self.schema["properties"]}
        if self.include_sdc_metadata_properties:
            values |= {
                "_sdc_extracted_at": "batch.extracted_at",
                "_sdc_received_at": "to_timestamp(batch.received_at) at time zone 'UTC'",
                "_sdc_batched_at": "clock_timestamp() at time zone 'UTC'",
                "_sdc_sequence": "round(batch.received_at * 1000)",
                "_sdc_table_version": "batch.version",
                "_sdc_sync_started_at": str(self.sync_started_at),
            }
        columns = ", ".join(map(quoted, values))
        statement = (
            f"insert into {self.table} ({columns}) select {', '.join(values.values())}"  # noqa: S608
            f" from batch, json_populate_record(null::{self.table}, batch.record) as record"
        )
        if self.append_only:
            return statement
        changes = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in values)
        keys = ", ".join(map(quoted, self.key_properties))
        return f"{statement} on conflict ({keys}) do update set {changes}"


class TargetPostgresSienge(TargetPostgres):
    """The loader: its settings are those of ``target-postgres``."""

    message_reader: Reader
    message_reader_class = Reader

    @override
    def get_sink_class(self, stream_name: str) -> type[PostgresSink]:
        by_value = not self.config["use_copy"] or any(map(self.config.get, BY_VALUE))
        return PostgresSink if by_value else JSONSink

    @override
    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        sink = self._sinks_active.get(message_dict.get("stream", ""))
        if isinstance(sink, JSONSink):
            sink.keep(message_dict)
            if sink.is_full:
                self.drain_one(sink)
            self._handle_max_record_age()
        else:
            message_dict["record"] = msgspec.json.decode(message_dict["record"])
            super()._process_record_message(message_dict)

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


if __name__ == "__main__":
    TargetPostgresSienge.cli()
