"""Given records instead of what is due: the setting ``only``, and what came of each record.

A record is read by its id, and with it what the API gives one by one for it: its children. Nothing
of it touches the state of other reads. Rows of a record that did not come are deleted, whatever
else the table holds.

Many records are first looked for in the list of what changed of late. What it leaves out is asked
for by its id. Where it is known since when they may have changed (``only_since``), those that are
not new and of which a part came, as a bill's installments do, are not: they are there, and as they
were. So hundreds of payments at once cost a few requests.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tap_sienge.deletion import deletes_rest_of_record
from tap_sienge.given import Given, Id, Link, Outcome, S, Source, check, recent
from tap_sienge.partitions import PATH, SINCE, chosen, combined, joined
from tap_sienge.run_log import INTERRUPTED
from tap_sienge.writer import DeleteMessage

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tap_sienge.partitions import Keys
    from tap_sienge.run_log import RunLog, Status
    from tap_sienge.values import Record

MANY = 20
"""Records of a stream, from which on its list may cost less than a request for each."""

REGISTERED = "registered_date"
"""The column of a part that tells the day on which the whole was made."""


class Only:
    """The records that a run is to read."""

    def __init__(self, setting: Mapping[str, list[Any]], since: str = "") -> None:
        """Take the settings: stream → ids, each a value or a list of values; no ids: its list.

        The records have not changed before ``since``, a day; empty if it is not known.
        """
        self.given = [
            Given(stream, one)
            for stream, ids in setting.items()
            for one in dict.fromkeys(map(_id, ids or [[]]))
        ]
        self._is_set, self._since = bool(setting), since
        self._links: dict[str, list[Link]] = {}
        self._settled: set[str] = set()
        self._lists: dict[str, int] = {}
        """Stream whose records are looked for in lists first → how many lists are still to come."""
        self._parts: dict[str, str] = {}
        """Such a stream → the one that is read before it, whose rows are parts of its records."""
        self._came: set[tuple[str, Id]] = set()
        """The records of which a row came, by their streams."""
        self._not_new: set[tuple[str, Id]] = set()
        """Those that existed before ``since``, by the day that a part of them tells."""
        self._open: defaultdict[str, list[tuple[Source, Given]]] = defaultdict(list)
        """Stream → its records that are still to be read and of which a part brought no row."""
        self._absent: list[tuple[str, Record]] = []
        """The contexts of which the API itself says that there is nothing, with their streams."""

    def __bool__(self) -> bool:
        return self._is_set

    @property
    def names(self) -> set[str]:
        """The streams of the given records."""
        return {given.stream for given in self.given}

    def of(self, stream: str) -> list[Given]:
        """Give a stream's given records."""
        return [given for given in self.given if given.stream == stream]

    def choose(self, streams: Iterable[S]) -> list[S]:
        """Give the streams to read, of the selected: those named, and what is read by their rows.

        Not what asks for a period, or by a code that many rows share: of these one record tells
        nothing. Parents come before those read by their rows.

        Raises:
            settings.SettingsError: Records are not asked for like this.
        """
        found: list[S] = []
        for stream in streams:
            keys, links = stream.id_keys(), []
            parents: Mapping[Any, Keys] = stream.parents()
            if given := self.of(stream.name):
                check(stream, [one.id for one in given])
                links.append(Link(stream.name, tuple(keys), tuple(keys.values())))
            if not (stream.period or stream.depends_on_key_alone):
                links += [
                    link.below(stream, parents[type(parent)])
                    for parent in found
                    if type(parent) in parents
                    for link in self._links[parent.name]
                ]
            if links:
                self._links[stream.name] = links
                found.append(stream)
        self.given = [given for given in self.given if given.stream in self._links]
        self._parts = self._read_first(found)
        return sorted(found, key=self._place)

    def _read_first(self, found: Sequence[Source]) -> dict[str, str]:
        """Give, by the stream of many records, the one of their parts that is read before them.

        Not where children are read by the rows of these records, as all must come then.
        """
        if not self._since:
            return {}
        parents: set[type] = {parent for stream in found for parent in stream.parents()}
        wholes = {
            stream.name
            for stream in found
            if len(self.of(stream.name)) > MANY
            and PATH in stream.changes
            and type(stream) not in parents
        }
        return {part.part_of: part.name for part in found if part.part_of in wholes}

    def _place(self, stream: Source) -> int:
        """Give a stream's place in the order: records, then their parts, if not these first."""
        if stream.name in self._parts.values():
            return 0
        return 2 if stream.part_of else 1

    def contexts(self, stream: Source) -> list[Record]:
        """Give the contexts that ask for a stream's given records."""
        ids = [given.id for given in self.of(stream.name)]
        choices = chosen(stream.choices, undivided=stream.undivided)
        if ids == [()]:
            since = {SINCE: stream.replication.recent_since} if stream.recent_filter else {}
            return combined([since], [{}], choices)
        owners: list[Record] = [dict(zip(stream.id_keys(), one, strict=True)) for one in ids]
        if not stream.record_path:
            return combined(owners, [{}], choices)
        each = [{PATH: stream.record_path} | owner for owner in joined(owners, stream.together)]
        if len(each) <= MANY or stream.parents():
            return each
        first_day = self._since or stream.replication.modified_since
        if lists := recent(stream, first_day, choices, len(each)):
            self._lists[stream.name] = len(lists)
        return lists + each

    def note_row(self, stream: Source, row: Record) -> None:
        """Note of which record a row came."""
        one = tuple(str(row.get(column)) for column in stream.id_keys().values())
        self._came.add((stream.name, one))
        made = str(row.get(REGISTERED) or "")[:10]
        if stream.part_of in self._parts and "" < made < self._since:
            self._not_new.add((stream.part_of, one))

    def note_none(self, stream: Source, context: Record) -> None:
        """Note that the API says of a context that there is nothing, if it asks for one record."""
        if context.keys() >= stream.id_keys().keys():
            self._absent.append((stream.name, context))

    def note_total(self, stream: Source, context: Record, total: int | None) -> None:
        """Take how many records a context has, once all came; a child may well have none."""
        if total == 0 and not stream.parents():
            self.note_none(stream, context)
        is_list = stream.name in self._lists and context.get(PATH) != stream.record_path
        if is_list and total is not None:
            self._lists[stream.name] -= 1

    def is_listed(self, stream: Source) -> bool:
        """Whether a stream's records are looked for among others."""
        return stream.name in self._lists

    def has_come(self, stream: Source, context: Record) -> bool:
        """Whether the record that a context asks for came with others, or need not be asked for."""
        if stream.name not in self._lists or context.get(PATH) != stream.record_path:
            return False
        one = tuple(str(context[name]) for name in stream.id_keys())
        return (stream.name, one) in self._came or self._is_unchanged(stream.name, one)

    def _is_unchanged(self, stream: str, id_: Id) -> bool:
        """Whether a record is as it was: not new, and in none of the lists, once all were read."""
        one = stream, id_
        return self._lists.get(stream) == 0 and one in self._not_new and one not in self._came

    def owns(self, stream: Source, context: Record) -> bool:
        """Whether a child's context belongs to a given record; so does all that does not tell."""
        links = self._links.get(stream.name, [])
        return not links or any(self._owners(link, context) for link in links)

    def optional(self, stream: Source) -> Sequence[str]:
        """Give the columns that may be left out of a stream's rows."""
        return stream.list_only if self else ()

    # What came of them

    def settle(self, stream: Source, status: Status, error: str | None) -> None:
        """Take what came of a stream."""
        if not self:
            return
        self._settled.add(stream.name)
        left: Outcome = "postponed" if status == "postponed" else "failed"
        bad = [(context, left, error) for context in stream.progress.pending]
        bad += [(context, "failed", reason) for context, reason in stream.unanswered()]
        for link in self._links[stream.name]:
            for context, outcome, reason in bad:
                for given in self._owners(link, context):
                    given.note(outcome, reason)
            if link.root == stream.name:
                for context in [context for name, context in self._absent if name == stream.name]:
                    for given in self._owners(link, context):
                        given.note("removed")
                for given in self._without_rows(stream) if status == "ok" else []:
                    if self._parts.get(stream.part_of or "") == stream.name:
                        self._open[stream.part_of or ""].append((stream, given))
                    else:
                        given.note(*self._whole_record(stream, given.id))
            if status != "ok" and not bad:  # it is not known of which
                for given in self.of(link.root):
                    given.note(left, error)
        for part, given in self._open[stream.name]:
            given.note(*self._whole_record(part, given.id))

    def _without_rows(self, stream: Source) -> list[Given]:
        """Give the records of which no row came, where one must; a child may have none."""
        if stream.parents() and stream.together == 1:
            return []
        return [
            given
            for given in self.of(stream.name)
            if given.id
            and given.outcome == "ok"
            and (stream.name, given.id) not in self._came
            and not self._is_unchanged(stream.name, given.id)
        ]

    def _whole_record(self, stream: Source, id_: Id) -> tuple[Outcome, str | None]:
        """Say what came of the record that a stream's rows are part of: it may be gone."""
        for given in self.of(stream.part_of or ""):
            if given.id == id_:
                return given.outcome, None
        return "failed", "nada veio do registro, e a API não disse que ele se foi"

    def deletions(self, stream: Source) -> Iterator[DeleteMessage]:
        """Give what deletes a stream's older rows of the records of which everything came.

        An answer for many at once says of none that it has no rows.
        """
        for link in self._links.get(stream.name, ()):
            for given in self.of(link.root):
                came = not self._is_unchanged(link.root, given.id)
                proved = came and (stream.together == 1 or (stream.name, given.id) in self._came)
                if deletes_rest_of_record(given.outcome, proved=proved):
                    yield from _deletion(stream, link, given)
        for part, given in self._open[stream.name]:
            for link in self._links[part.name] if given.outcome == "removed" else ():
                yield from _deletion(part, link, given)

    def _owners(self, link: Link, context: Record) -> list[Given]:
        """Give the records to which a context belongs; all, if it does not tell."""
        ids = self.of(link.root)
        if not link.params or not context.keys() >= {*link.params}:
            return ids
        values = tuple(str(context[name]) for name in link.params)
        several = {(value,) for value in values[0].split(",")} if len(values) == 1 else set()
        return [given for given in ids if given.id in {values, *several}]

    def end(self, run_log: RunLog) -> None:
        """Note what was not reached, and tell what came of each to a program that watches."""
        for stream in self._links.keys() - self._settled:
            left = [given for link in self._links[stream] for given in self.of(link.root)]
            for given in [*left, *(given for _, given in self._open[stream])]:
                given.note("postponed", INTERRUPTED)
        for given in self.given:
            run_log.write_event("only", given.stream, run=run_log.run_id, **given.as_json)

    def report(self, logger: logging.Logger) -> None:
        """Say which records could not be read.

        Raises:
            SystemExit: With 1, if there is one.
        """
        failed = [given for given in self.given if given.outcome == "failed"]
        for given in failed[:MANY]:
            logger.error("%s %s: %s", given.stream, "/".join(given.id), "; ".join(given.errors))
        if failed:
            raise SystemExit(1)


def _deletion(stream: Source, link: Link, given: Given) -> Iterator[DeleteMessage]:
    """Give what deletes a stream's older rows of a record, if they tell whose they are."""
    if given.id and link.columns:
        where = dict(zip(link.columns, given.id, strict=True))
        yield DeleteMessage(stream.name, where, stream.progress.version)


def _id(one: Any) -> Id:  # noqa: ANN401
    return tuple(map(str, one if isinstance(one, list) else [one]))
