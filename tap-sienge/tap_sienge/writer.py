"""What the tap writes: whole messages, whenever a signal comes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from singer_sdk.contrib.msgspec import MsgSpecWriter, encoder
from singer_sdk.singerlib import SingerMessageType
from singer_sdk.singerlib.messages import Message, RecordMessage
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from singer_sdk import Stream

    from tap_sienge.values import Record

BLOCK = 65_536
"""Bytes of records that may wait to be written."""


@dataclass
class DeleteMessage(Message):
    """Tells a loader that rows with certain values are deleted, but those of a version.

    Singer has no such message. ``target-postgres-sienge`` knows it; any other loader ends with an
    error rather than keep what is gone.
    """

    stream: str
    where: dict[str, str]
    """Column → value."""
    version: int
    """The version of the rows that stay: this one and later ones."""

    def __post_init__(self) -> None:
        """Give the message its type."""
        self.type = "DELETE"  # type: ignore[assignment]


class PartialRecordMessage(RecordMessage):
    """A row some of whose columns did not come, and stay as the loader's table has them."""

    @override
    def to_dict(self) -> dict[str, Any]:
        return super().to_dict() | {"partial": True}


class RowWriter:
    """Writes the rows of one stream: its selected columns, through its stream maps."""

    def __init__(
        self,
        stream: Stream,
        version: int,
        write: Callable[[Message], None],
        optional: Sequence[str] = (),
    ) -> None:
        """Take the stream, what its rows are marked with, and where messages go.

        Without a value, ``optional`` columns are left out.
        """
        self._optional = optional
        columns = stream.schema["properties"]
        self._deselected = [name for name in columns if not stream.mask["properties", name]]
        self._maps, self._version, self._write = stream.stream_maps, version, write

    def write(self, row: Record) -> None:
        """Write a row; our flat schemas need the SDK's selection only for columns."""
        for column in self._deselected:
            row.pop(column, None)
        absent = [column for column in self._optional if row.get(column, 0) is None]
        for column in absent:
            del row[column]
        message_class = PartialRecordMessage if absent else RecordMessage
        for stream_map in self._maps:
            if (mapped := stream_map.transform(row)) is not None:
                message = message_class(
                    stream=stream_map.stream_alias,
                    record=mapped,
                    version=self._version,
                    time_extracted=datetime.now(timezone.utc),
                )
                self._write(message)


class Writer(MsgSpecWriter):
    """Singer messages on standard output, records in blocks instead of one by one."""

    def __init__(self) -> None:
        """Start with nothing to write."""
        self._block = bytearray()
        self.keeps_state = False
        """Whether the state that the run began with is to stay as it is."""
        self._writing = False
        self._then: Callable[[], None] | None = None

    @override
    def write_message(self, message: Message) -> None:
        self._writing, whole = True, len(self._block)
        try:
            # A state that is to stay is not told, but what waits is written then, too.
            if not (self.keeps_state and message.type == SingerMessageType.STATE):
                encoder.encode_into(message.to_dict(), self._block, -1)  # behind what waits
                self._block += b"\n"
            if len(self._block) > BLOCK or message.type != SingerMessageType.RECORD:
                self.flush()
        except (TypeError, ValueError):
            del self._block[whole:]  # no half of a message stays before the next
            raise
        finally:
            self._writing = False
        if (then := self._then) is not None:
            self._then = None
            then()

    def flush(self) -> None:
        """Write what waits."""
        while self._block:  # without a buffer, a signal leaves a part
            del self._block[: sys.stdout.buffer.write(self._block)]
        sys.stdout.flush()

    def between_messages(self, act: Callable[[], None]) -> None:
        """Call a function that a signal asks for, once no line is half written."""
        if self._writing:
            self._then = act
        else:
            act()
