"""A record that a run is told to read: how it is asked for, what came of it, which rows are its."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, TypeVar

from singer_sdk.exceptions import FatalAPIError

from tap_sienge.partitions import PATH, SINCE, combined
from tap_sienge.row_schema import snake_case
from tap_sienge.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from singer_sdk import Stream

    from tap_sienge.partitions import Keys, Period
    from tap_sienge.progress import Progress
    from tap_sienge.replication import Replication
    from tap_sienge.row_schema import RowSchema
    from tap_sienge.state import StreamState
    from tap_sienge.values import Record

Id = tuple[str, ...]
"""The values of a record's ``id_keys``; none where a stream's whole list is read."""

Outcome = Literal["ok", "removed", "postponed", "failed"]

GRAVITY: tuple[Outcome, ...] = ("ok", "removed", "postponed", "failed")
"""Outcomes, each of which outweighs those before it."""


class Source(Protocol):
    """What records are read of: a stream."""

    name: str
    choices: ClassVar[Mapping[str, Sequence[str]]]
    undivided: ClassVar[bool]
    modified_filter: ClassVar[str | None]
    recent_filter: ClassVar[str | None]
    changes: ClassVar[Mapping[str, str]]
    period: ClassVar[Period | None]
    record_path: ClassVar[str | None]
    by_id: ClassVar[Keys]
    together: ClassVar[int]
    depends_on_key_alone: ClassVar[bool]
    part_of: ClassVar[str | None]
    list_only: ClassVar[Sequence[str]]

    @property
    def row_schema(self) -> RowSchema:
        """How records become rows."""

    def id_keys(self) -> Keys:
        """Give the parameters that ask for records, each with the column that holds it."""

    def parents(self) -> Mapping[type[Stream], Keys]:
        """Give the streams whose rows are this one's contexts, and the keys taken from them."""

    def unanswered(self) -> list[tuple[Record, str]]:
        """Give the contexts that failed, each with the reason."""

    @property
    def page_size(self) -> int:
        """Records to request in a page."""

    @property
    def state(self) -> StreamState:
        """What is remembered of earlier runs."""

    @property
    def progress(self) -> Progress:
        """The read of this run."""

    @property
    def replication(self) -> Replication:
        """What is read between full reads."""


S = TypeVar("S", bound=Source)


class Link(NamedTuple):
    """How a stream's requests and rows tell to which given record of ``root`` they belong."""

    root: str
    params: Id
    """Parameters of its contexts that hold the record's id; empty if they do not tell."""
    columns: Id
    """Columns of its rows that do; empty likewise."""

    def below(self, child: Source, keys: Keys) -> Link:
        """Give the link of a stream that takes ``keys`` from rows which have this one."""
        taken = {column: name for name, column in keys.items()}
        params = tuple(taken[column] for column in self.columns if column in taken)
        if not params or len(params) < len(self.columns):
            return Link(self.root, (), ())
        columns = tuple(child.by_id.get(name, snake_case(name)) for name in params)
        known = child.row_schema.json_types.keys() >= {*columns}
        return Link(self.root, params, columns if known else ())


@dataclass
class Given:
    """A given record, and what came of it."""

    stream: str
    id: Id
    outcome: Outcome = "ok"
    errors: list[str] = field(default_factory=list)

    def note(self, outcome: Outcome, error: str | None = None) -> None:
        """Take what came of it in one stream."""
        self.outcome = max(self.outcome, outcome, key=GRAVITY.index)
        if error and error not in self.errors:
            self.errors.append(error)

    @property
    def as_json(self) -> dict[str, Any]:
        """It for the progress file and ``record_log``."""
        told = {"id": "/".join(self.id) or None, "status": self.outcome}
        return told | {"error": "; ".join(self.errors) or None}


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


def recent(stream: Source, since: str, choices: list[Record], records: int) -> list[Record]:
    """Give the contexts of the list that may hold so many records, if it may cost less than they.

    Where the API tells, it is that of what changed since a day.
    """
    if stream.period:
        if PATH not in stream.changes:
            return []
        first = date.fromisoformat(since)
        return stream.period.changed(first, stream.replication.today, stream.changes)
    if stream.modified_filter:
        return combined([{SINCE: since}], [{}], choices)
    pages = stream.state.rows // (stream.page_size - 1) + 1
    return combined([{}], [{}], choices) if pages < records else []
