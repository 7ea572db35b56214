"""What the state calls read, though the tables do not hold it: it is to be read again.

The state is the tap's, which knows no tables. Of a bookmark this module knows three fields:
``landed``, or in older states ``rows``, tells that rows came; ``resume`` that a read goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from target_postgres_sienge.sinks import Sink

EMPTY = "a tabela estava vazia ou foi apagada"

NEXT = "será lida por inteiro na próxima sincronização"


class Again(NamedTuple):
    """Why a stream's rows must all be read again."""

    reason: str
    continued: bool
    """Whether a read goes on whose first rows came in an earlier run."""


class Unread:
    """The streams of one run whose bookmarks tell more than their tables hold."""

    def __init__(self, *, hard_delete: bool) -> None:
        """Start with none."""
        self.hard_delete = hard_delete
        self.again: dict[str, Again] = {}
        self.refused: dict[str, str] = {}
        """Streams whose tables cannot take their rows, and why."""
        self._first: dict[str, Any] | None = None
        """The bookmarks with which the run began."""
        self._seen: set[str] = set()

    def begin(self, bookmarks: dict[str, Any]) -> None:
        """Take the state that comes before all else; what is read in this run needs no look."""
        if self._first is None:
            self._first = bookmarks

    def _bookmark(self, stream: str) -> dict[str, Any]:
        self.begin({})
        found = (self._first or {}).get(stream)
        return found if isinstance(found, dict) else {}

    def refuse(self, stream: str, reason: str) -> None:
        """Leave the stream as it was before the run."""
        self._bookmark(stream)
        self.refused[stream] = reason

    def note_tables(self, stream: str, sinks: Sequence[Sink]) -> bool:
        """Note whether a stream must be read again, and tell; before a row of this run lands.

        It must where its tables changed so that old rows do not fit, or where they are empty and
        yet its bookmark tells of rows.
        """
        bookmark = self._bookmark(stream)
        if not bookmark:
            return False
        reason = next((sink.reread for sink in sinks if sink.reread), None)
        for sink in sinks:
            sink.reread = None
        if stream not in self._seen:
            self._seen.add(stream)
            # An empty table may be right where deleted rows do not stay.
            came = bookmark.get("rows") or (bookmark.get("landed") and not self.hard_delete)
            if came and any(sink.is_empty() for sink in sinks):
                reason = EMPTY
        if reason:
            self.again[stream] = Again(reason, "resume" in bookmark)
        return bool(reason)

    def note_whole(self, stream: str) -> None:
        """Note that a stream's read came to its end; enough if all of it came in this run."""
        if stream in self.again and not self.again[stream].continued:
            del self.again[stream]

    def withhold(self, bookmarks: dict[str, Any]) -> None:
        """Take back what a state tells of the streams."""
        for stream in self.refused:
            if before := self._bookmark(stream):
                bookmarks[stream] = before
            else:
                bookmarks.pop(stream, None)
        for stream in self.again:  # also of a refused one, whose table may not be empty any more
            bookmarks.pop(stream, None)

    def told(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Correct what the tap, which does not see the tables, reports of a stream."""
        stream = entry.get("stream")
        if stream in self.refused:
            return entry | {"status": "failed", "error": self.refused[stream]}
        if stream in self.again and entry.get("status") == "ok":
            return entry | {"status": "incomplete", "error": f"{self.again[stream].reason}; {NEXT}"}
        return entry

    def sentences(self) -> Iterator[str]:
        """Tell of which tables what happened, and what comes next."""
        for reason in dict.fromkeys(again.reason for again in self.again.values()):
            names = ", ".join(name for name, again in self.again.items() if again.reason == reason)
            yield f"{names}: {reason}; {NEXT}."
