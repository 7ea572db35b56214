"""What the class of a stream declares of its collection; everything else follows from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from singer_sdk import Stream

from tap_sienge.keys import KEY
from tap_sienge.partitions import PATH, SINCE
from tap_sienge.row_schema import RowSchema, load_schema, snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tap_sienge.limits import Api
    from tap_sienge.partitions import Keys, Period
    from tap_sienge.values import Record

WEEK = 7
"""Days between full reads where the API tells what changed."""


class Declaration(Stream):
    """The class attributes of a stream. A stream names what differs from these defaults.

    class Units(SiengeStream):
        name = "units"
        path = "/v1/units"
        params: ClassVar = {"additionalData": "ALL"}
    """

    name: str
    """The stream's name, and its table's."""
    path: ClassVar[str]
    """Path below the API's address; ``{name}`` stands for a value of the context."""
    primary_keys: Sequence[str] = ("id",)
    content_key: ClassVar[Sequence[str] | None] = None
    """Columns that make the key of rows to which the API gives no id; empty: all of them."""

    # What each request holds

    params: ClassVar[Mapping[str, str]] = {}
    """Query parameters that every request of the stream carries; ``{today}`` is the run's day."""
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Parameters that the API demands, with a request for each of their values."""
    undivided: ClassVar[bool] = False
    """Whether ``choices`` may be left out: then what none of them gives is read, too."""
    chosen_by: ClassVar[Mapping[str, str]] = {}
    """Parameters whose values, separated by commas, a setting gives."""
    period: ClassVar[Period | None] = None
    """The parameters of the period that the API demands."""
    parent_keys: ClassVar[Keys] = {}
    """Parameter → column of ``parent_stream_type``, each of whose rows is a context."""
    other_parents: ClassVar[Mapping[type[Stream], Keys]] = {}
    """Further streams whose rows give the same parameters, if they are read too."""
    depends_on_key_alone: ClassVar[bool] = False
    """Whether what else the parent's row holds does not matter, as with a code that many share."""
    one_of: ClassVar[Sequence[str]] = ()
    """Parameters of ``parent_keys`` of which one is enough."""
    together: ClassVar[int] = 1
    """How many rows of the parent, or given ids, one request may ask for."""

    # What is read between full reads

    modified_filter: ClassVar[str | None] = None
    """Parameter by which the API gives only what changed since a date; makes it incremental."""
    recent_filter: ClassVar[str | None] = None
    """Parameter by which the API gives only what is recent, enough between two full reads."""
    changes: ClassVar[Mapping[str, str]] = {}
    """Parameters, or ``PATH``, that with those of ``period`` give what changed in these days."""
    full_refresh_days: ClassVar[int | None] = None
    """Days between full reads, if not as usual: a week where less can be read, else none."""
    watched: ClassVar[bool] = False
    """Whether, between full reads, a first page unlike the last one is reason for another."""

    # What is read of given records (the setting ``only``)

    record_path: ClassVar[str | None] = None
    """Path that gives one record, or all those of given ids; with the columns of the list."""
    record_params: ClassVar[Mapping[str, str]] = {}
    """Query parameters of it, in place of ``params``."""
    by_id: ClassVar[Keys] = {}
    """Parameter → column of a record's id, where ``id_keys`` would not find it."""
    part_of: ClassVar[str | None] = None
    """Stream whose record of the same id the rows belong to; what tells whether it is there."""
    list_only: ClassVar[Sequence[str]] = ()
    """Columns that are documented of the list alone: kept as they are where a record lacks them."""

    # What an answer looks like

    paged = True
    """Whether the path takes ``limit`` and ``offset``."""
    records_key: ClassVar[str] = "results"
    """Field of the answer that holds the records, beside the documented ``results``."""
    may_be_object: ClassVar[bool] = False
    """Whether the documents give a page as one record without its list."""
    nested: ClassVar[str | None] = None
    """Path of the list in a record whose objects are the rows."""

    TYPE_CONFORMANCE_LEVEL = Stream.TYPE_CONFORMANCE_LEVEL.NONE
    emit_activate_version_messages = False  # the SDK sends it first, we after a proven read
    state_partitioning_keys: Sequence[str] | None = ()

    def __init_subclass__(cls) -> None:
        """Give streams whose rows have no id the calculated key."""
        if cls.content_key is not None:
            cls.primary_keys = (KEY,)

    @property
    def dry_run(self) -> bool:
        """Whether only a few records are wanted (``--test``)."""
        return self.ABORT_AT_RECORD_COUNT is not None

    @property
    def page_size(self) -> int:
        """Records to request in a page."""
        size: int = self.config["page_size"]
        return min(size, self.ABORT_AT_RECORD_COUNT or size)

    @classmethod
    def compile_schema(cls) -> RowSchema:
        """Compile the stream's schema file."""
        return RowSchema(load_schema(cls.name), calculated_key=cls.content_key is not None)

    @classmethod
    def parents(cls) -> Mapping[type[Stream], Keys]:
        """Give the streams whose rows are this one's contexts, and the keys taken from them."""
        first = {cls.parent_stream_type: cls.parent_keys} if cls.parent_stream_type else {}
        return first | dict(cls.other_parents)

    @classmethod
    def id_keys(cls) -> Keys:
        """Give the parameters that ask for given records, each with the column that holds it.

        Empty if the API gives the stream only as a whole.
        """
        if cls.by_id:
            return cls.by_id
        if cls.record_path:
            names = re.findall(r"{(\w+)}", cls.record_path)
            return dict(zip(names, cls.primary_keys, strict=True))
        return {name: snake_case(name) for name in cls.parent_keys}

    def has_pages(self, context: Record) -> bool:
        """Whether what a context asks for comes in pages: not where it is one record."""
        return self.paged and context.get(PATH, "") != self.record_path

    def parameters(self, context: Record, today: date, since: str | None) -> Record:
        """Give the query parameters of a context, but for those of its pages.

        ``since`` is the day from which on changes are read, where the context has none of its own.
        """
        path: str = context.get(PATH, self.path)
        always = self.record_params if path == self.record_path else self.params
        params: Record = {name: text.format(today=today) for name, text in always.items()}
        params |= {
            name: value
            for name, value in context.items()
            if name not in {PATH, SINCE} and f"{{{name}}}" not in path
        }
        since = context.get(SINCE, since)
        if since and (changed := self.modified_filter or self.recent_filter):
            params[changed] = since
        return params

    @classmethod
    def api(cls) -> Api:
        """Tell which of the two APIs, each with limits of its own, has the stream."""
        return "bulk" if cls.path.startswith("/bulk-data") else "rest"

    @classmethod
    def usual_days(cls) -> int:
        """Give the days between full reads unless a setting says otherwise; 0: each read is one."""
        if cls.full_refresh_days is not None:
            return cls.full_refresh_days
        by_period = cls.period and cls.period.size != "today"
        return WEEK if cls.modified_filter or cls.recent_filter or by_period or cls.watched else 0

    @classmethod
    def resumable(cls) -> bool:
        """Whether a read may go on within a context: not where equal rows are told by counting."""
        return cls.content_key is None and not cls.nested

    @classmethod
    def tells_changes(cls) -> bool:
        """Whether less than everything can be read."""
        return bool(cls.recent_filter or cls.modified_filter or cls.period)

    @classmethod
    def fits_rounds(cls) -> bool:
        """Whether the API tells in few requests what changed since everything was read."""
        return bool(cls.modified_filter or cls.recent_filter or cls.changes or cls.watched)
