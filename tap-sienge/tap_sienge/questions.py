"""What a stream asks the API for: of whom, since when, and in which pieces."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.helpers.types import Context  # noqa: TC002
from typing_extensions import override

from tap_sienge.contexts import Keys, Period, joined, of_row
from tap_sienge.http import PATH, SiengeRequests
from tap_sienge.progress import Progress, unpack
from tap_sienge.run_log import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from singer_sdk import Stream, Tap
    from typing_extensions import Self

    from tap_sienge.privacy import Privacy
    from tap_sienge.run import Run
    from tap_sienge.values import Record

SINCE = "since"
"""Key of a context that is asked for since another day than its stream's, None for ever."""

WEEK = 7
"""Days between full reads where the API tells what changed."""


class SiengeQuestions(SiengeRequests):
    """What a subclass declares of its collection, and what follows for the requests.

    Contexts (SDK: partitions) hold request parameters, in the query or in the path: a period, ids
    of the parent's rows, choices.
    """

    params: ClassVar[Mapping[str, str]] = {}
    """Query parameters that every request of the stream carries; ``{today}`` is the run's day."""
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Parameters the API demands, each of whose values is asked for."""
    chosen_by: ClassVar[Mapping[str, str]] = {}
    """Parameters whose values, separated by commas, a setting gives."""
    modified_filter: ClassVar[str | None] = None
    """Parameter by which the API gives only what changed since a date; makes it incremental."""
    recent_filter: ClassVar[str | None] = None
    """Parameter by which the API gives only what is recent, enough between two full reads."""
    full_refresh_days: ClassVar[int | None] = None
    """Days between full reads, if not as usual: a week where less can be asked for, else none."""
    watched: ClassVar[bool] = False
    """Whether, between full reads, a first page unlike the last one is reason for another."""
    period: ClassVar[Period | None] = None
    """The parameters of the period that the API demands."""
    changes: ClassVar[Mapping[str, str]] = {}
    """Parameters, or ``PATH``, that with those of ``period`` give what changed in these days."""
    undivided: ClassVar[bool] = False
    """Whether the API does not demand ``choices``: what none of them gives is asked for, too."""
    parent_keys: ClassVar[Keys] = {}
    """Parameter → column of ``parent_stream_type``, each of whose rows is a context."""
    other_parents: ClassVar[Mapping[type[Stream], Keys]] = {}
    """Further streams whose rows give the same parameters, if they are read too."""
    one_of: ClassVar[Sequence[str]] = ()
    """Parameters of ``parent_keys`` of which one is enough."""
    together: ClassVar[int] = 1
    """How many rows of the parent one request may ask for."""
    paged = True
    """Whether the path takes ``limit`` and ``offset``."""

    privacy: Privacy
    state_partitioning_keys: Sequence[str] | None = ()

    def __init__(self, tap: Tap, run: Run, schema: Record) -> None:
        """Take the SDK's tap, and what the stream shares with the others."""
        super().__init__(tap, schema=schema)
        self.run = run
        if self.modified_filter:
            self.forced_replication_method = "INCREMENTAL"
        self.entry = Entry("", self.name, "")
        self.read_parents: list[Self] = []
        """Those of the parents that this run reads."""
        self.followers: list[Self] = []
        """Selected streams that are asked for by this one's rows."""
        self.lacking: Counter[tuple[str, str]] = Counter()
        """Rows of parents without the column by whose value they are asked for."""
        self._offered: dict[tuple[Any, ...], Record] = {}
        self._unchanged = False

    @property
    def dry_run(self) -> bool:
        """Whether only a few records are wanted (``--test``)."""
        return self.ABORT_AT_RECORD_COUNT is not None

    def draw_in(self) -> None:
        """Select the stream and all its columns, since a selected one is read by its rows."""
        if not self.selected:
            for metadata in self.metadata.values():  # of the catalog, by which schemas are told too
                metadata.selected = True
            self.selected = True

    @property
    def parents(self) -> Mapping[type[Stream], Keys]:
        """The streams whose rows are this one's contexts."""
        first = {self.parent_stream_type: self.parent_keys} if self.parent_stream_type else {}
        return first | dict(self.other_parents)

    @property
    def asks_every_parent(self) -> bool:
        """Whether the parents must be read whole, however little of them changed."""
        return not self.idle and not self.progress.whole

    @property
    def _needed_whole(self) -> bool:
        return any(follower.asks_every_parent for follower in self.followers)

    @property
    def partial(self) -> bool:
        """Whether not all of the rows come in this run."""
        return not self.progress.full or self.progress.continued or self._unchanged

    def wants(self, context: Record) -> bool:  # noqa: ARG002
        """Whether a context that was planned is still to be asked for."""
        return True

    def offer(self, parent: SiengeQuestions, row: Record) -> None:
        """Take what a parent's row stands for as contexts to ask for."""
        for context in self._of_row(parent, row):
            self._offered.setdefault(tuple(context.values()), context)

    def _of_row(self, parent: SiengeQuestions, row: Record) -> Iterator[Record]:
        keys = self.parents[type(parent)]
        lacking = [column for column in keys.values() if row.get(column.split(".")[0]) is None]
        if lacking and not self.one_of:
            self.lacking[parent.name, lacking[0]] += 1
        return of_row(row, keys, self.one_of)

    def heed_settings(self) -> None:
        """Read everything anew if a setting changed that also decides on rows that did not."""
        state, settings = self.stream_state, {"personal_data": self.privacy.mark}
        if self.period:
            settings["start_date"] = self._start.isoformat()
        known = settings | {"personal_data": "keep"} | state  # older states tell neither
        if state and (changed := [name for name in settings if known[name] != settings[name]]):
            names = " e ".join(changed)
            self.logger.info("%s: tudo é lido de novo, pois %s mudou.", self.name, names)
            for read in ("full_read_at", "asked", "open", "unread", "resume"):
                state.pop(read, None)
        state |= settings

    @cached_property
    def progress(self) -> Progress:
        """The read that this run begins or goes on with."""
        everything = self.dry_run or self._needed_whole or self._due
        kept = None if self.dry_run else self._resumed
        if kept and (kept.full or not everything):
            return kept
        since = None if everything else self._changed_since()
        full = everything or (since is None and bool(self.modified_filter or self.period))
        day = since.isoformat() if since else None
        # Above that of all rows which came before, also if the clock was set back.
        version = max(self._initialized_at, self.stream_state.get("version", 0) + 1)
        return Progress(full, day, self.run.today.isoformat(), version)

    @cached_property
    def _resumed(self) -> Progress | None:
        """The read that an earlier run began, if its state can be read."""
        if "resume" not in self.stream_state:
            return None
        try:
            return Progress.load(self.stream_state["resume"], self.privacy)
        except ValueError as error:
            self.logger.warning(
                "%s: a leitura interrompida não pode continuar (%s); começa de novo.",
                self.name,
                error,
            )
            return None

    def kept_contexts(self, name: str) -> list[Record]:
        """Give contexts that the state holds; none where it is damaged."""
        if name not in self.stream_state or self.dry_run:
            return []
        try:
            return unpack(self.stream_state[name], self.privacy)
        except (ValueError, zlib.error):
            return []

    @classmethod
    def usual_days(cls) -> int:
        """Days between full reads unless a setting says otherwise; 0 where each read is one."""
        if cls.full_refresh_days is not None:
            return cls.full_refresh_days
        by_period = cls.period and cls.period.size != "today"
        return WEEK if cls.modified_filter or cls.recent_filter or by_period or cls.watched else 0

    @property
    def full_refresh_every(self) -> int:
        """Days between full reads."""
        if self.period and self.period.size == "today":
            return 0
        if self.modified_filter and self.replication_method != "INCREMENTAL":
            return 0  # the catalog asks for it
        chosen = self.config["full_refresh_days"]
        return int(chosen.get(self.name, chosen.get("*", self.usual_days())))

    @property
    def tells_changes(self) -> bool:
        """Whether less than everything can be asked for."""
        return bool(self.recent_filter or self.modified_filter or self.period)

    @property
    def _due(self) -> bool:
        """Whether it is time for a full read."""
        last = date.fromisoformat(self.stream_state.get("full_read_at", "0001-01-01"))
        return (self.run.today - last).days >= self.full_refresh_every

    @property
    def idle_between(self) -> bool:
        """Whether there are no changes to ask for between two full reads, and these are rare."""
        return self.full_refresh_every > 1 and not self.tells_changes

    @property
    def idle(self) -> bool:
        """Whether there is nothing to ask for before the next full read."""
        progress = self.progress
        return not (progress.full or progress.continued or self.tells_changes or self.watched)

    @property
    def since(self) -> date | None:
        """The day from which it reads; None when everything is read."""
        since = self.progress.since
        return date.fromisoformat(since) if since else None

    def _changed_since(self) -> date | None:
        """Give the day from which something may have changed."""
        if self.modified_filter:
            bookmark = self.stream_state.get("replication_key_value")
            overlap = timedelta(days=self.config["lookback_days"])
            return date.fromisoformat(bookmark) - overlap if bookmark else None
        day = self.run.today - timedelta(days=self.config["window_lookback_days"])
        return day if self.recent_filter or (self.period and day > self._start) else None

    @property
    def _start(self) -> date:
        return date.fromisoformat(self.config["start_date"][:10])

    @property
    def owners(self) -> list[Record]:
        """What the parents' rows of this run stand for."""
        return joined(list(self._offered.values()), self.together) if self.parents else [{}]

    @cached_property
    def contexts(self) -> list[Record]:
        """Everything to ask for, in order; for a child only once its parents were read.

        A read that goes on asks for what was left, and for what its parents have brought since.
        What failed before is asked for again.
        """
        pending = self.progress.pending
        if self.progress.continued and (self.progress.whole or not self.parents):
            return list(pending)
        contexts, known = list(pending), {repr(context) for context in pending}
        others = self._all_contexts()
        if self.parents or not self.progress.full:
            others += self.kept_contexts("unread")
        for context in others:
            if repr(context) not in known:
                known.add(repr(context))
                contexts.append(context)
        return contexts

    def _all_contexts(self) -> list[Record]:
        values = dict(self.choices)
        for name, setting in self.chosen_by.items():
            values[name] = [value.strip() for value in self.config.get(setting, "").split(",")]
        choices = [
            dict(zip(values, choice, strict=True))
            for choice in product(*values.values())
            if "" not in choice
        ] + [{}] * self.undivided
        windows = self.windows(self.since) + self._changes()
        return [
            owner | window | choice
            for owner, window, choice in product(self.owners, windows, choices)
        ]

    def windows(self, since: date | None) -> list[Record]:
        """Give the periods to ask for: all, or what may have changed since a day."""
        if not self.period:
            return [{}]
        today, start = self.run.today, self._start
        if self.dry_run:
            days = 31 if self.period.size == "month" else 365
            start = max(start, self.period.since(today - timedelta(days)))
        elif since and not self.modified_filter:
            start = max(start, self.period.since(since))
        return list(self.period.windows(start, today))

    def _changes(self) -> list[Record]:
        """Give the period in which is asked for what changed since the last full read."""
        if not (self.period and self.since and self.changes):
            return []
        changed = date.fromisoformat(self.stream_state["full_read_at"])
        changed -= timedelta(days=self.config["lookback_days"])
        periods = Period(*self.period[:2], "all").windows(changed, self.run.today)
        return [period | dict(self.changes) for period in periods]

    @property
    @override
    def partitions(self) -> list[Record] | None:
        return self.contexts or None

    @property
    def page_size(self) -> int:
        """Records to ask for in a page."""
        size: int = self.config["page_size"]
        return min(size, self.ABORT_AT_RECORD_COUNT or size)

    @override
    def get_url_params(self, context: Context | None, next_page_token: int | None) -> Record:
        asked = dict(context or {})
        today, since = self.run.today.isoformat(), self.progress.since
        params: Record = {name: text.format(today=today) for name, text in self.params.items()}
        since = asked.pop(SINCE, since)
        path = asked.pop(PATH, self.path)
        params |= {name: value for name, value in asked.items() if f"{{{name}}}" not in path}
        if since and (changed := self.modified_filter or self.recent_filter):
            params[changed] = since
        if self.paged or next_page_token:
            params |= {"limit": self.page_size, "offset": next_page_token}
        return params
