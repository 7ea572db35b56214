"""Everything that survives a run: a stream's bookmark in the Singer state, and a read in progress.

What is written here is read by later versions, so names in the JSON stay as they are.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from tap_sienge.keys import DistinctKeys

if TYPE_CHECKING:
    from logging import Logger

    from tap_sienge.privacy import Privacy
    from tap_sienge.values import Record

DAYS = ("full_read_at", "replication_key_value", "empty_since", "ended_at", "open_at")
"""Fields of a bookmark that hold a day, or a moment."""


class StreamState(
    msgspec.Struct,
    rename={"parent_fingerprints": "asked", "open_contexts": "open", "unread_contexts": "unread"},
):
    """What the state holds of one stream; what was not yet known is empty."""

    version: int = 0
    """The version of the last rows."""
    rows: int = 0
    """Rows of the last full read."""
    landed: bool = False
    """Whether rows were ever written, by which a loader may tell that a table was lost."""
    full_read_at: str = ""
    """Day of the last full read."""
    ended_at: str = ""
    """Moment at which the last read ended."""
    empty_since: str = ""
    """Day of the first of the reads that found nothing where there had been rows."""
    replication_key: str = ""
    replication_key_value: str = ""
    """Day since which changes are read: the bookmark."""
    first_page: str = ""
    """Digest of the first page of the last full read."""
    personal_data: str = ""
    """What the settings said of personal data."""
    start_date: str = ""
    """What they said of the first day, where periods are read."""
    resume: dict[str, Any] = {}
    """A read that did not come to its end: ``Progress``."""
    unread_contexts: str = ""
    """Contexts that failed, packed."""
    parent_fingerprints: str = ""
    """Fingerprints of the parents' rows whose children were read."""
    open_contexts: str = ""
    """Contexts whose rows may change without their parent's, packed."""
    open_at: str = ""
    """Day on which these were read."""
    complete: bool = False
    """Whether the children of every parent's row were read."""

    @classmethod
    def load(cls, bookmark: Record) -> StreamState:
        """Read a stream's part of the Singer state, of this version or an earlier one.

        ``sound`` has made sure that every field is of its type.
        """
        return msgspec.convert(bookmark, cls)

    def dump(self, bookmark: Record) -> None:
        """Write it to a stream's part of the Singer state, in which the SDK has fields, too."""
        empty = StreamState()
        for known in msgspec.structs.fields(self):
            value = getattr(self, known.name)
            if value == getattr(empty, known.name):
                bookmark.pop(known.encode_name, None)
            else:
                bookmark[known.encode_name] = value

    def heed(self, settings: dict[str, str]) -> list[str]:
        """Read everything anew if a setting changed that also decides on rows that did not.

        Returns:
            The settings that changed.
        """
        known = settings | {"personal_data": "keep"}  # older states tell neither
        before = {name: getattr(self, name) or known[name] for name in settings}
        changed = [name for name in settings if before[name] != settings[name]]
        if self == StreamState():
            changed = []
        if changed:
            self.full_read_at = self.parent_fingerprints = ""
            self.open_contexts = self.unread_contexts = ""
            self.resume = {}
        for name, value in settings.items():
            setattr(self, name, value)
        return changed


TYPES = {
    known.encode_name: type(getattr(StreamState(), known.name))
    for known in msgspec.structs.fields(StreamState)
}


def sound(state: Any, today: date) -> tuple[Record, list[str]]:  # noqa: ANN401
    """Give a state without what cannot be true, and sentences on what it was.

    It may be damaged, or written by a clock that was ahead: a day in the future counts as never,
    and so does what is not of its type.
    """
    bookmarks = state.get("bookmarks", {}) if isinstance(state, dict) else None
    if not isinstance(bookmarks, dict):
        return {}, ["O estado está danificado: tudo é lido de novo."] if state else []
    kept, told = {}, []
    for stream, bookmark in bookmarks.items():
        known = bookmark if isinstance(bookmark, dict) else {}
        kept[stream] = {
            name: value for name, value in known.items() if _is_sound(name, value, today)
        }
        lost = sorted(known.keys() - kept[stream].keys()) if known else ["tudo"]
        if lost and bookmark != {}:
            told.append(
                f"{stream}: o estado guardado não vale ({', '.join(lost)} danificado ou no "
                "futuro); o recurso é lido de novo."
            )
            if known.keys() & {"replication_key_value"} - kept[stream].keys():
                kept[stream].pop("full_read_at", None)
    return state | {"bookmarks": kept}, told


def versions(state: Record) -> Record:
    """Give a state that tells of each stream only the version of its last rows, and how many."""
    bookmarks = state.get("bookmarks", {}).items()
    told = {"version", "rows"}
    return {"bookmarks": {name: {k: v for k, v in b.items() if k in told} for name, b in bookmarks}}


def _is_sound(name: str, value: Any, today: date) -> bool:  # noqa: ANN401
    if name not in TYPES:
        return True
    if type(value) is not TYPES[name]:
        return False
    if isinstance(value, dict):  # resume
        return _is_sound("full_read_at", value.get("started"), today)
    if name not in DAYS:
        return True
    try:
        return date.fromisoformat(str(value)[:10]) <= today
    except ValueError:
        return False


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

    def dump(self, privacy: Privacy) -> Record:
        """Give it as JSON; what may be long is compressed, about 4 bytes a context or key."""
        packed = {
            "pending": pack(self.pending, privacy),
            "parent_fingerprints": b64encode(self.parent_fingerprints).decode(),
            "seen": _packed(self.seen.dump(), privacy) if self.offset else "",
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
            unpacked = {
                "pending": unpack(known.pending, privacy),
                "parent_fingerprints": b64decode(known.parent_fingerprints, validate=True),
                "seen": DistinctKeys(_unpacked(known.seen, privacy) if known.seen else b""),
            }
            return cls(**msgspec.structs.asdict(known) | unpacked, continued=True)
        except (KeyError, TypeError, ValueError, zlib.error, msgspec.ValidationError) as error:
            raise ValueError(type(error).__name__) from None


def interrupted(name: str, state: StreamState, privacy: Privacy, logger: Logger) -> Progress | None:
    """Give the read of a stream that an earlier run began, if its state can be read."""
    try:
        return Progress.load(state.resume, privacy) if state.resume else None
    except ValueError as error:
        sentence = "%s: a leitura interrompida não pode continuar (%s); começa de novo."
        logger.warning(sentence, name, error)
        return None


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
    version: int
    pending: str
    parent_fingerprints: str
    offset: int
    seen: str
    rows: int = 0
    doubts: list[str] = []
    contexts_done: int = 0
    contexts_unanswered: int = 0
    first_page: str = ""
    has_all_parents: bool = False


def pack(contexts: list[Record], privacy: Privacy) -> str:
    """Give contexts as a text for the state, sealed, as CPF may be among them."""
    return _packed(json.dumps(contexts).encode(), privacy)


def unpack(text: str, privacy: Privacy) -> list[Record]:
    """Give what ``pack`` packed.

    Raises:
        ValueError, zlib.error: It was damaged, or sealed with another key.
    """
    return msgspec.json.decode(_unpacked(text, privacy), type=list[dict[str, Any]])


def unpack_sound(text: str, privacy: Privacy) -> list[Record]:
    """Give what ``pack`` packed; nothing where it is damaged."""
    try:
        return unpack(text, privacy) if text else []
    except (ValueError, zlib.error):
        return []


def _packed(content: bytes, privacy: Privacy) -> str:
    return b64encode(privacy.seal(zlib.compress(content))).decode()


def _unpacked(text: str, privacy: Privacy) -> bytes:
    return zlib.decompress(privacy.unseal(b64decode(text)))
