"""Given records instead of what is due: the setting ``only``, and what came of each record.

A record is read by its id, and with it what the API gives one by one for it: its children. Nothing
of it touches the state of other reads. Rows of a record that did not come are deleted, whatever
else the table holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import FatalAPIError

from tap_sienge.given import Given, Id, Link, Outcome, S, Source
from tap_sienge.partitions import PATH, SINCE, chosen, combined, joined
from tap_sienge.run_log import INTERRUPTED
from tap_sienge.settings import SettingsError
from tap_sienge.writer import DeleteMessage

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tap_sienge.partitions import Keys
    from tap_sienge.run_log import RunLog, Status
    from tap_sienge.values import Record

MANY = 20
"""Records of a stream, from which on its list may cost less than a request for each."""


class Only:
    """The records that a run is to read."""

    def __init__(self, setting: Mapping[str, list[Any]]) -> None:
        """Take the setting: stream → ids, each a value or a list of values; no ids: its list."""
        self.given = [
            Given(stream, one)
            for stream, ids in setting.items()
            for one in dict.fromkeys(map(_parts, ids or [[]]))
        ]
        self._is_set = bool(setting)
        self._links: dict[str, list[Link]] = {}
        self._settled: set[str] = set()
        self._listed: set[str] = set()
        """The streams whose records are looked for in their lists first."""
        self._came: set[tuple[str, Id]] = set()
        """The records of which a row came, by their streams."""
        self._absent: list[tuple[str, Record]] = []
        """The contexts of which the API itself says that there is nothing, by their streams."""

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
        return sorted(found, key=lambda stream: bool(stream.part_of))  # what they are part of first

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
        if len(each) <= MANY or stream.period or stream.parents():
            return each
        pages = stream.state.rows // (stream.page_size - 1) + 1
        if not stream.modified_filter and pages >= len(each):
            return each
        since = {SINCE: stream.replication.modified_since} if stream.modified_filter else {}
        self._listed.add(stream.name)
        return combined([since], [{}], choices) + each  # then what is not in the list, by its id

    def note_row(self, stream: Source, row: Record) -> None:
        """Note of which record a row came."""
        one = tuple(str(row.get(column)) for column in stream.id_keys().values())
        self._came.add((stream.name, one))

    def note_none(self, stream: Source, context: Record) -> None:
        """Note that the API says of a context that there is nothing, if it asks for one record."""
        if context.keys() >= stream.id_keys().keys():
            self._absent.append((stream.name, context))

    def note_total(self, stream: Source, context: Record, total: int | None) -> None:
        """Take how many records a context has by its answers; a child may well have none."""
        if total == 0 and not stream.parents():
            self.note_none(stream, context)

    def is_listed(self, stream: Source) -> bool:
        """Whether a stream's records are looked for among others."""
        return stream.name in self._listed

    def has_come(self, stream: Source, context: Record) -> bool:
        """Whether the record that a context asks for came with others."""
        if PATH not in context or stream.name not in self._listed:
            return False
        one = tuple(str(context[name]) for name in stream.id_keys())
        return (stream.name, one) in self._came

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
                    given.note(*self._whole_record(stream, given.id))
            if status != "ok" and not bad:  # it is not known of which
                for given in self.of(link.root):
                    given.note(left, error)

    def _without_rows(self, stream: Source) -> list[Given]:
        """Give the records of which no row came, where one must; a child may have none."""
        if stream.parents() and stream.together == 1:
            return []
        return [
            given
            for given in self.of(stream.name)
            if given.id and given.outcome == "ok" and (stream.name, given.id) not in self._came
        ]

    def _whole_record(self, stream: Source, id_: Id) -> tuple[Outcome, str | None]:
        """Say what came of the record that a stream's rows are part of: it may be gone."""
        for given in self.of(stream.part_of or ""):
            if given.id == id_ and given.outcome in {"ok", "removed"}:
                return given.outcome, None
        return "failed", "nada veio do registro, e a API não disse que ele se foi"

    def deletions(self, stream: Source) -> Iterator[DeleteMessage]:
        """Give what deletes a stream's older rows of the records of which everything came.

        An answer for many at once says of none that it has no rows.
        """
        for link in self._links.get(stream.name, ()):
            for given in self.of(link.root):
                proved = stream.together == 1 or (stream.name, given.id) in self._came
                if given.outcome != "removed" and not (given.outcome == "ok" and proved):
                    continue
                if given.id and link.columns:
                    where = dict(zip(link.columns, given.id, strict=True))
                    yield DeleteMessage(stream.name, where, stream.progress.version)

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
        for stream, links in self._links.items():
            for link in links:
                for given in self.of(link.root) if stream not in self._settled else []:
                    given.note("postponed", INTERRUPTED)
        for given in self.given:
            run_log.tell("only", given.stream, run=run_log.run_id, **given.told)

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


def refuse_others(stream: Source, context: Record, records: list[Record]) -> None:
    """Look whether an answer is the record that was asked for by its path.

    Raises:
        FatalAPIError: It is another, or none.
    """
    path = context.get(PATH, "")
    if path != stream.record_path or "{" not in path:
        return
    asked = {column: str(context[name]) for name, column in stream.id_keys().items()}
    rows = [stream.row_schema.convert(record, context) for record in records]
    if [{column: str(row[column]) for column in asked} for row in rows] != [asked]:
        raise FatalAPIError("a resposta não é o registro que foi pedido")


def check(stream: Source, ids: list[Id]) -> None:
    """Look whether a stream's records can be asked for by such ids.

    Raises:
        SettingsError: They cannot.
    """
    keys, types = stream.id_keys(), stream.row_schema.json_types
    where = f"Configuração only, recurso {stream.name}"
    if ids == [()]:
        if stream.period or stream.parents():
            raise SettingsError(f"{where}: a lista inteira não se lê assim; informe os códigos.")
        return
    if not keys:
        raise SettingsError(
            f"{where}: a API não dá um registro pelo código; para ler a lista inteira, informe []."
        )
    for one in ids:
        wrong = len(one) != len(keys) or any(
            types.get(column) == "integer" and not part.isdecimal()
            for part, column in zip(one, keys.values(), strict=False)
        )
        if wrong:
            names = ", ".join(keys.values())
            raise SettingsError(f"{where}: esperado {names}, mas veio {'/'.join(one)!r}.")


def _parts(one: Any) -> Id:  # noqa: ANN401
    return tuple(map(str, one if isinstance(one, list) else [one]))
