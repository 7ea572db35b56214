"""Which streams a run reads, in which order, and which by the rows of which others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_sienge.stream import SiengeStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk import Stream


def depth(stream: Stream) -> int:
    """Give how many generations of parents must be read before a stream."""
    if not isinstance(stream, SiengeStream):
        return 99
    return max((1 + _generations(parent) for parent in stream.parents()), default=0)


def _generations(stream: type[Stream]) -> int:
    parent = stream.parent_stream_type
    return 0 if parent is None else 1 + _generations(parent)


def link(streams: Iterable[SiengeStream]) -> None:
    """Tell each stream which others it is read by the rows of, and these that they are."""
    by_type = {type(stream): stream for stream in streams}
    for stream in by_type.values():
        stream.read_parents = [s for found, s in by_type.items() if found in stream.parents()]
        for parent in stream.read_parents:
            parent.followers.append(stream)


def select_whole(stream: Stream) -> None:
    """Select a stream and all its columns, since a selected one is read by its rows."""
    if not stream.selected:
        for metadata in stream.metadata.values():  # of the catalog, by which schemas are told too
            metadata.selected = True
        stream.selected = True


def joining(streams: Iterable[SiengeStream]) -> list[SiengeStream]:
    """Give the streams that a round reads: those of which the API can tell what changed."""
    found: list[SiengeStream] = []
    for stream in streams:
        parents = stream.parents()
        if stream.joins_round() and (not parents or parents.keys() & {type(s) for s in found}):
            found.append(stream)
    return found


def staleness(stream: SiengeStream) -> str:
    """Give the moment since which a stream, or one that is read by its rows, waits."""
    return min([stream.state.ended_at, *map(staleness, stream.followers)])
