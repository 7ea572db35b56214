"""How far a read came that a day's quota did not suffice for, kept in the state until it ends."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from tap_sienge.keys import DistinctKeys

if TYPE_CHECKING:
    from tap_sienge.privacy import Privacy
    from tap_sienge.values import Record


@dataclass
class Progress:
    """A read of a stream, over one run or several."""

    full: bool
    """Whether everything is read, not only what is new or changed."""
    since: str | None
    """Day from which on the API is asked for changes."""
    started: str
    """Day on which it began."""
    version: int
    """What its rows are marked with, so that rows which did not come can be told."""
    rows: int = 0
    """Rows of the contexts that are done."""
    doubts: list[str] = field(default_factory=list)
    """Why it cannot be complete any more."""
    asked: int = 0
    """Contexts that were asked for."""
    unanswered: int = 0
    """Those of them that the API does not know (404)."""
    first_page: str = ""
    """Digest of the first page, by which a later run tells whether it is the same."""
    whole: bool = False
    """Whether all rows of the parents were there to ask for."""
    pending: list[Record] = field(default_factory=list)
    """Contexts still to ask for; the first may be read in part."""
    prints: bytes = b""
    """Fingerprints of the parents' rows that these contexts stand for."""
    offset: int = 0
    """Where the last record of the first pending context is that was read."""
    seen: DistinctKeys = field(default_factory=DistinctKeys)
    """Keys of these records."""
    continued: bool = False
    """Whether an earlier run began it."""

    def dump(self, privacy: Privacy) -> Record:
        """Give it as JSON; what may be long is compressed, about 4 bytes a context or key."""
        return {
            "full": self.full,
            "since": self.since,
            "started": self.started,
            "version": self.version,
            "rows": self.rows,
            "doubts": self.doubts,
            "asked": self.asked,
            "unanswered": self.unanswered,
            "first_page": self.first_page,
            "whole": self.whole,
            "pending": pack(self.pending, privacy),
            "prints": b64encode(self.prints).decode(),
            "offset": self.offset,
            "seen": _packed(self.seen.dump(), privacy) if self.offset else "",
        }

    @classmethod
    def load(cls, kept: dict[str, Any], privacy: Privacy) -> Progress:
        """Continue what ``dump`` gave, of this version or an earlier one.

        Raises:
            ValueError: It is of a later version, or damaged.
        """
        try:
            pending = unpack(kept["pending"], privacy)
            seen = DistinctKeys(_unpacked(kept["seen"], privacy) if kept["seen"] else b"")
            prints = b64decode(kept["prints"], validate=True)
            known = msgspec.convert(kept, Kept)
            return cls(
                **msgspec.structs.asdict(known)
                | {"pending": pending, "prints": prints, "seen": seen, "continued": True}
            )
        except (KeyError, TypeError, ValueError, zlib.error, msgspec.ValidationError) as error:
            raise ValueError(type(error).__name__) from None


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """A read as the state holds it."""

    full: bool
    since: str | None
    started: str
    version: int
    pending: str
    prints: str
    offset: int
    seen: str
    rows: int = 0
    doubts: list[str] = []
    asked: int = 0
    unanswered: int = 0
    first_page: str = ""
    whole: bool = False


def pack(contexts: list[Record], privacy: Privacy) -> str:
    """Give contexts as a text for the state, sealed, as CPF may be among them."""
    return _packed(json.dumps(contexts).encode(), privacy)


def unpack(text: str, privacy: Privacy) -> list[Record]:
    """Give what ``pack`` packed.

    Raises:
        ValueError, zlib.error: It was damaged, or sealed with another key.
    """
    return msgspec.json.decode(_unpacked(text, privacy), type=list[dict[str, Any]])


def _packed(content: bytes, privacy: Privacy) -> str:
    return b64encode(privacy.seal(zlib.compress(content))).decode()


def _unpacked(text: str, privacy: Privacy) -> bytes:
    return zlib.decompress(privacy.unseal(b64decode(text)))
