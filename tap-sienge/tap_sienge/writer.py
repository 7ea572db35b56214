"""What the tap writes: whole messages, whenever a signal comes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from singer_sdk.contrib.msgspec import MsgSpecWriter, encoder
from singer_sdk.singerlib import SingerMessageType
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from singer_sdk.singerlib import Message

BLOCK = 65_536
"""Bytes of records that may wait to be written."""


class Writer(MsgSpecWriter):
    """Singer messages on standard output, records in blocks instead of one by one."""

    def __init__(self) -> None:
        """Start with nothing to write."""
        self._block = bytearray()
        self._writing = False
        self._then: Callable[[], None] | None = None

    @override
    def write_message(self, message: Message) -> None:
        self._writing, whole = True, len(self._block)
        try:
            encoder.encode_into(message.to_dict(), self._block, -1)  # behind what waits
            self._block += b"\n"
            if len(self._block) > BLOCK or message.type != SingerMessageType.RECORD:
                while self._block:  # without a buffer, a signal leaves a part
                    del self._block[: sys.stdout.buffer.write(self._block)]
                sys.stdout.flush()
        except (TypeError, ValueError):
            del self._block[whole:]  # no half of a message stays before the next
            raise
        finally:
            self._writing = False
        if (then := self._then) is not None:
            self._then = None
            then()

    def between_messages(self, act: Callable[[], None]) -> None:
        """Call a function that a signal asks for, once no line is half written."""
        if self._writing:
            self._then = act
        else:
            act()
