"""A record that a run is told to read, what came of it, and how rows tell that they are its."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, TypeVar

from tap_sienge.row_schema import snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from singer_sdk import Stream

    from tap_sienge.partitions import Keys, Period
    from tap_sienge.replication import Replication
    from tap_sienge.row_schema import RowSchema
    from tap_sienge.state import Progress, StreamState
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
    period: ClassVar[Period | None]
    record_path: ClassVar[str | None]
    by_id: ClassVar[Keys]
    together: ClassVar[int]
    depends_on_key_alone: ClassVar[bool]
    part_of: ClassVar[str | None]
    list_only: ClassVar[Sequence[str]]
    row_schema: RowSchema

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
    def told(self) -> dict[str, Any]:
        """It for the progress file and ``record_log``."""
        told = {"id": "/".join(self.id) or None, "status": self.outcome}
        return told | {"error": "; ".join(self.errors) or None}
