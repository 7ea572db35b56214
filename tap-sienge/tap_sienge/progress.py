"""A read in progress: what of it survives a run."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import msgspec

from tap_sienge.keys import DistinctKeys
from tap_sienge.partitions import fills_path
from tap_sienge.state import is_day, pack, packed_bytes, unpack, unpacked_bytes

if TYPE_CHECKING:
    from datetime import date

    from tap_sienge.privacy import Privacy
    from tap_sienge.state import StreamState
    from tap_sienge.values import Record

FINGERPRINT = 6
"""Bytes of the fingerprint of a parent's row."""

Count = Annotated[int, msgspec.Meta(ge=0)]


@dataclass
class Progress:
    """A read of a stream, over one run or several; kept in the state until it comes to its end."""

    full: bool
    """Whether everything is read, not only what is new or changed."""
    since: str | None
    """Day from which on changes are read."""
    started: str
    """Day on which it began."""
    version: int
    """What its rows are marked with, so that rows which did not come can be told."""
    rows: int = 0
    """Rows of the contexts that are done."""
    doubts: list[str] = field(default_factory=list)
    """Why it cannot be complete any more."""
    contexts_done: int = 0
    """Contexts that were read."""
    contexts_unanswered: int = 0
    """Those of them that the API does not know (404)."""
    first_page: str = ""
    """Digest of the first page, by which a later run tells whether it is the same."""
    has_all_parents: bool = False
    """Whether all rows of the parents were there to ask for."""
    pending: list[Record] = field(default_factory=list)
    """Contexts still to read; the first may be read in part."""
    parent_fingerprints: bytes = b""
    """Fingerprints of the parents' rows that these contexts stand for."""
    offset: int = 0
    """Where the last record of the first pending context is that was read."""
    seen: DistinctKeys = field(default_factory=DistinctKeys)
    """Keys of these records."""
    continued: bool = False
    """Whether an earlier run began it."""

    def leave(self, context: Record) -> None:
        """Note that nothing more is read of a context in this run."""
        self.pending.remove(context)
        self.offset = 0

    def dump(self, privacy: Privacy) -> Record:
        """Give it as JSON; what may be long is compressed, about 4 bytes a context or key."""
        packed = {
            "pending": pack(self.pending, privacy),
            "parent_fingerprints": b64encode(self.parent_fingerprints).decode(),
            "seen": packed_bytes(self.seen.dump(), privacy) if self.offset else "",
        }
        names = Kept.__struct_fields__
        dumped: Record = msgspec.to_builtins(
            Kept(**{name: packed.get(name, getattr(self, name)) for name in names})
        )
        return dumped

    @classmethod
    def load(cls, kept: Record, privacy: Privacy) -> Progress:
        """Continue what ``dump`` gave, of this version or an earlier one.

        Raises:
            ValueError: It is of a later version, or damaged.
        """
        try:
            known = msgspec.convert(kept, Kept)
            seen = unpacked_bytes(known.seen, privacy) if known.seen else b""
            unpacked = {
                "pending": unpack(known.pending, privacy),
                "parent_fingerprints": b64decode(known.parent_fingerprints, validate=True),
                "seen": DistinctKeys(seen),
            }
            return cls(**msgspec.structs.asdict(known) | unpacked, continued=True)
        except (KeyError, TypeError, ValueError, zlib.error, msgspec.ValidationError) as error:
            raise ValueError(type(error).__name__) from None


class Kept(
    msgspec.Struct,
    forbid_unknown_fields=True,
    rename={
        "contexts_done": "asked",
        "contexts_unanswered": "unanswered",
        "has_all_parents": "whole",
        "parent_fingerprints": "prints",
    },
):
    """A read as the state holds it."""

    full: bool
    since: str | None
    started: str
    version: Count
    pending: str
    parent_fingerprints: str
    offset: Count
    seen: str
    rows: Count = 0
    doubts: list[str] = []
    contexts_done: Count = 0
    contexts_unanswered: Count = 0
    first_page: str = ""
    has_all_parents: bool = False


def interrupted(state: StreamState, privacy: Privacy, path: str, today: date) -> Progress | None:
    """Give the read of a stream that an earlier run began, if there is one.

    Raises:
        ValueError: It cannot go on: it is damaged, or of a version that marked rows otherwise or
            did not know a parameter of the stream's ``path``.
    """
    if not state.resume:
        return None
    found = Progress.load(state.resume, privacy)
    if state.version not in {0, found.version}:
        raise ValueError("version")
    if found.since is not None and not is_day(found.since, today):
        raise ValueError("since")
    if not found.pending or not all(fills_path(path, context) for context in found.pending):
        raise ValueError("pending")
    if len(found.parent_fingerprints) not in {0, FINGERPRINT * len(found.pending)}:
        raise ValueError("prints")
    return found
