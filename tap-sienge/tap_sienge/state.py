"""What survives a run: a stream's bookmark in the Singer state.

What is written here is read by later versions, so names in the JSON stay as they are.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from tap_sienge.partitions import fills_path

if TYPE_CHECKING:
    from tap_sienge.privacy import Privacy
    from tap_sienge.values import Record

DAYS = ("full_read_at", "replication_key_value", "empty_since", "ended_at", "open_at")
"""Fields of a bookmark that hold a day, or a moment."""

FIRST = date(1900, 1, 1)
"""The first day that may be asked for."""

HIGHEST = 2**62
"""Above all versions, which PostgreSQL keeps as `bigint`; others are still to come above them."""

KEPT = ("version", "rows", "landed", "ended_at", "personal_data", "start_date")
"""What is kept of a bookmark that is damaged: it does not decide on what is read."""

Value = str | int | float | bool | None
"""What a context holds of each parameter."""


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
    keyless: int = 0
    """Rows of the last full read that came without their key."""
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
    """What the settings said of personal data: ``Privacy.fingerprint``."""
    start_date: str = ""
    """What the settings said of the first day, where periods are read."""
    resume: dict[str, Any] = {}
    """A read that did not come to its end: ``progress.Progress``."""
    unread_contexts: str = ""
    """Contexts that failed, packed."""
    parent_fingerprints: str = ""
    """Fingerprints of the parents' rows whose children were read."""
    open_contexts: str = ""
    """Contexts whose rows may change without their parent's, packed."""
    open_at: str = ""
    """Day on which the open contexts were last read."""
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
        """Force a full read if a setting changed that decides on rows already loaded.

        Returns:
            The settings that changed.
        """
        known = settings | {"personal_data": "keep"}  # older states tell neither
        before = {name: getattr(self, name) or known[name] for name in settings}
        changed = [name for name in settings if before[name] != settings[name]]
        if self == StreamState():
            changed = []
        if changed:
            self._force_full_read()
        for name, value in settings.items():
            setattr(self, name, value)
        return changed

    def heed_damage(self, privacy: Privacy, path: str) -> bool:
        """Force a full read if contexts that are to be read again cannot be; tell whether so."""
        try:
            kept = [unpack(p, privacy) for p in (self.unread_contexts, self.open_contexts) if p]
            damaged = not all(fills_path(path, context) for context in chain(*kept))
        except (ValueError, zlib.error):
            damaged = True
        if damaged:
            self._force_full_read()
        return damaged

    def _force_full_read(self) -> None:
        self.full_read_at = self.parent_fingerprints = ""
        self.open_contexts = self.unread_contexts = ""
        self.complete, self.resume = False, {}


TYPES = {
    known.encode_name: type(getattr(StreamState(), known.name))
    for known in msgspec.structs.fields(StreamState)
}


SDK_FIELDS = ("partitions", "progress_markers")
"""Fields of a bookmark that the SDK reads and we never write."""

INTERRUPTED = "{}: a leitura interrompida não pode continuar ({}); começa de novo."


def sound(state: Any, today: date) -> tuple[Record, list[str]]:  # noqa: ANN401
    """Give a state without what cannot be true, and sentences on what was taken out.

    It may be damaged, or written by a clock that was ahead: a day in the future counts as never,
    and so does what is not of its type.
    """
    bookmarks = state.get("bookmarks", {}) if isinstance(state, dict) else None
    if not isinstance(bookmarks, dict):
        return {}, ["O estado está danificado: tudo é lido de novo."] if state else []
    kept, told = {}, []
    for stream, bookmark in bookmarks.items():
        known = {**bookmark} if isinstance(bookmark, dict) else {}
        for name in SDK_FIELDS:
            known.pop(name, None)
        kept[stream] = {
            name: value for name, value in known.items() if _is_sound(name, value, today)
        }
        lost = sorted(known.keys() - kept[stream].keys()) if known else ["tudo"]
        if lost == ["resume"]:
            told.append(INTERRUPTED.format(stream, "danificada ou no futuro"))
        elif lost and bookmark != {}:
            told.append(
                f"{stream}: o estado guardado não vale ({', '.join(lost)} danificado ou no "
                "futuro); o recurso é lido de novo."
            )
            kept[stream] = {name: kept[stream][name] for name in KEPT if name in kept[stream]}
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
    if name == "version":
        return bool(0 <= value < HIGHEST)
    if name == "resume":
        return is_day(value.get("started"), today)
    return name not in DAYS or is_day(value, today)


def is_day(value: Any, today: date) -> bool:  # noqa: ANN401
    """Whether a text is a day that was, or a moment of it."""
    try:
        return FIRST <= date.fromisoformat(str(value)[:10]) <= today
    except ValueError:
        return False


def pack(contexts: list[Record], privacy: Privacy) -> str:
    """Give contexts as a text for the state, sealed, as CPF may be among them."""
    return packed_bytes(json.dumps(contexts).encode(), privacy)


def unpack(text: str, privacy: Privacy) -> list[Record]:
    """Give what ``pack`` packed.

    Raises:
        ValueError, zlib.error: It was damaged, or sealed with another key.
    """
    return msgspec.json.decode(unpacked_bytes(text, privacy), type=list[dict[str, Value]])


def packed_bytes(content: bytes, privacy: Privacy) -> str:
    """Give bytes as a text for the state, compressed and sealed."""
    return b64encode(privacy.seal(zlib.compress(content))).decode()


def unpacked_bytes(text: str, privacy: Privacy) -> bytes:
    """Give what ``packed_bytes`` packed; raises what ``unpack`` raises."""
    return zlib.decompress(privacy.unseal(b64decode(text)))
