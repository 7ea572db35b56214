"""Singer messages, of which a record is not looked into."""

from __future__ import annotations

import os
import sys
from functools import partial
from select import select
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec
from singer_sdk.singerlib.encoding import GenericSingerReader
from typing_extensions import TypedDict, override

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping

    Process = Callable[[dict[str, Any]], None]

REQUIRED = {
    "SCHEMA": {"stream", "schema"},
    "RECORD": {"stream"},
    "BATCH": {"stream", "encoding", "manifest"},
    "ACTIVATE_VERSION": {"stream", "version"},
    "DELETE": {"stream", "where", "version"},
    "STATE": {"value"},
}
"""What a message of each type must have."""

NOT_SINGER = "A mensagem de {} bytes não é do Singer: {}"
"""Without the line, which holds people's data."""


class Message(TypedDict, total=False):
    """A Singer message; a record stays JSON."""

    type: str
    stream: str
    record: msgspec.Raw
    schema: dict[str, Any]
    key_properties: list[str] | None
    time_extracted: str | None
    version: int | None
    partial: bool
    where: dict[str, str]
    value: dict[str, Any]
    encoding: dict[str, Any]
    manifest: list[str]


class MessageReader(GenericSingerReader[bytes]):
    """Reads messages without a look into the records."""

    _decoder = msgspec.json.Decoder(Message)

    callbacks: Mapping[str, Process] = {}
    """What takes messages that are not Singer's, by their types."""
    process: Callable[[Process, dict[str, Any]], None]
    """What gives each message to what takes it."""
    ended = False
    """Whether the input was closed here, perhaps in the midst of a line."""

    @override
    def process_lines(
        self, file_input: IO[bytes] | None, callbacks: dict[str, Callable[[dict[str, Any]], None]]
    ) -> Counter[str]:
        self.input = file_input or self.default_input
        known = {
            type_: partial(self.process, process)
            for type_, process in {**callbacks, **self.callbacks}.items()
        }
        return super().process_lines(self._lines(), known)  # type: ignore[arg-type]

    def _lines(self) -> Iterator[bytes]:
        for line in self.input:
            if self.ended and line[-1:] not in (b"\n", "\n"):  # from a file that is text
                return
            if not line.isspace():
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
            click.ClickException: It is not JSON, or not a Singer message.
        """
        try:
            message: dict[str, Any] = self._decoder.decode(line)  # type: ignore[assignment]
        except (msgspec.MsgspecError, RecursionError) as error:
            raise click.ClickException(NOT_SINGER.format(len(line), error)) from None
        if message.get("type") not in REQUIRED:
            type_ = f"o seu tipo é {message.get('type')}"
            raise click.ClickException(NOT_SINGER.format(len(line), type_))
        return message
