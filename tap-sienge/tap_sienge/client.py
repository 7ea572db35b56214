"""One REST collection of Sienge as a Singer stream.

What it asks for is in ``contexts``, how one request is made in ``http``, how pages are read in
``reader``, how fast in ``limits``, what the answers mean in ``errors`` and what their values become
in ``values``. Facts: FACTS.md.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice, product
from typing import TYPE_CHECKING, Any, ClassVar

import requests
from singer_sdk.exceptions import FatalAPIError, RetriableAPIError
from singer_sdk.helpers.types import Context  # noqa: TC002
from singer_sdk.singerlib.messages import RecordMessage
from typing_extensions import override

from tap_sienge import errors
from tap_sienge.contexts import Keys, Period, joined, of_row
from tap_sienge.decode import is_soiled, mended, text_of
from tap_sienge.http import SiengeRequests, decoded
from tap_sienge.keys import KEY, ContentKeys, DistinctKeys, digest
from tap_sienge.limits import Closed
from tap_sienge.privacy import Privacy, without_persons
from tap_sienge.progress import Progress
from tap_sienge.reader import Page
from tap_sienge.run_log import STATUS_TEXT, Entry, now
from tap_sienge.values import EXTRA, Record, Table, unnest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from singer_sdk import Stream

    from tap_sienge.run_log import Status
    from tap_sienge.tap import TapSienge

REREAD_PAGES = 50
"""A read that does not reconcile is repeated once if it took at most this many requests."""

PATH = "path"
"""Key of a context that is asked for at another path than its stream's."""

WEEK = 7
"""Days between full reads where the API tells what changed."""

BESIDE = 1000
"""Records of a page or BULK answer among which a key that comes twice is noticed."""

LONGEST_KEY = 200
"""Characters of a text in a key: PostgreSQL's index takes 2,704 bytes for all columns of a key."""

BROKEN = "api-error"
"""Field of the extra record by which BULK answers tell that they broke off (spec)."""


@dataclass
class Read:
    """What reading a context showed."""

    total: int | None = None
    """Records that it has, None where nobody can say."""
    pages: int = 0
    moved: list[int] = field(default_factory=list)
    """Offsets of the pages that announced another number of records than the page before."""
    again: int = 0
    """Pages that were read once more."""

    def see(self, total: int | None, offset: int) -> None:
        """Take what a page announced."""
        if self.total not in {None, total}:
            self.moved.append(offset)
        self.total = total


@cache
def load_schema(name: str) -> Record:
    """Read the schema file of a stream."""
    path = files("tap_sienge") / "schemas" / f"{name}.json"
    schema: Record = json.loads(path.read_text(encoding="utf-8"))
    return schema


class SiengeStream(SiengeRequests):
    """A collection of the REST API; a subclass declares what makes it different.

    Contexts (SDK: partitions) hold request parameters, in the query or in the path: a period, ids
    of the parent's rows, choices.
    """

    primary_keys: Sequence[str] = ("id",)
    content_key: ClassVar[Sequence[str] | None] = None
    """Columns that make the key of rows to which the API gives no id; empty: all of them."""
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
    changes_path: ClassVar[str | None] = None
    """Path that gives, with the parameters of ``period``, what changed in these days."""
    parent_keys: ClassVar[Keys] = {}
    """Parameter → column of ``parent_stream_type``, each of whose rows is a context."""
    other_parents: ClassVar[Mapping[type[Stream], Keys]] = {}
    """Further streams whose rows give the same parameters, if they are read too."""
    one_of: ClassVar[Sequence[str]] = ()
    """Parameters of ``parent_keys`` of which one is enough."""
    together: ClassVar[int] = 1
    """How many rows of the parent one request may ask for."""
    records_key: ClassVar[str] = "results"
    nested: ClassVar[str | None] = None
    """Path of the list in a record whose objects are the rows."""
    paged = True
    """Whether the path takes ``limit`` and ``offset``."""

    TYPE_CONFORMANCE_LEVEL = SiengeRequests.TYPE_CONFORMANCE_LEVEL.NONE
    state_partitioning_keys: Sequence[str] | None = ()
    emit_activate_version_messages = False  # the SDK sends it first, we after a reconciled read

    def __init_subclass__(cls) -> None:
        """Give streams whose rows have no id the calculated key."""
        if cls.content_key is not None:
            cls.primary_keys = (KEY,)

    def __init__(self, tap: TapSienge) -> None:
        """Compile the stream's schema file."""
        self.table = Table(load_schema(self.name), calculated_key=self.content_key is not None)
        self.privacy = Privacy(tap.config)
        self.hide = self.privacy.rows(
            self.table.described, keys=self.content_key or self.primary_keys
        )
        super().__init__(tap, schema=self.table.schema)
        if self.modified_filter:
            self.forced_replication_method = "INCREMENTAL"
        self.entry = Entry("", self.name, "")
        self.followers: list[SiengeStream] = []
        """Selected streams that are asked for by this one's rows."""
        self._offered: dict[tuple[Any, ...], Record] = {}
        self._content_keys = ContentKeys()
        self._asked = self._arrived = self._rows_before = 0
        self._planned = self._unchanged = False
        self._beside: dict[tuple[Any, ...], Record] = {}
        self._again: Counter[tuple[Any, ...]] = Counter()
        self._unreadable = 0
        self._before = (0, 0)

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

    # What to ask for

    @property
    def parents(self) -> Mapping[type[Stream], Keys]:
        """The streams whose rows are this one's contexts."""
        first = {self.parent_stream_type: self.parent_keys} if self.parent_stream_type else {}
        return first | dict(self.other_parents)

    @cached_property
    def read_parents(self) -> list[SiengeStream]:
        """Those of the parents that this run reads."""
        return [s for s in self._tap.rest_streams.values() if type(s) in self.parents]

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

    def offer(self, parent: SiengeStream, row: Record) -> None:
        """Take what a parent's row stands for as contexts to ask for."""
        for context in of_row(row, self.parents[type(parent)], self.one_of):
            self._offered.setdefault(tuple(context.values()), context)

    # How much to read

    @cached_property
    def progress(self) -> Progress:
        """The read that this run begins or goes on with."""
        kept = self.stream_state.get("resume")
        everything = self.dry_run or self._needed_whole or self._due
        if kept and not self.dry_run and (kept["full"] or not everything):
            continued = Progress.load(kept, self.privacy)
            if continued:
                return continued
        since = None if everything else self._changed_since()
        full = everything or (since is None and bool(self.modified_filter or self.period))
        day = since.isoformat() if since else None
        return Progress(full, day, self._tap.today.isoformat(), self._initialized_at)

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
        return (self._tap.today - last).days >= self.full_refresh_every

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
        day = self._tap.today - timedelta(days=self.config["window_lookback_days"])
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
        """
        pending = self.progress.pending
        if self.progress.continued and (self.progress.whole or not self.parents):
            return list(pending)
        waiting = {repr(context) for context in pending}
        return pending + [c for c in self._all_contexts() if repr(c) not in waiting]

    def _all_contexts(self) -> list[Record]:
        values = dict(self.choices)
        for name, setting in self.chosen_by.items():
            values[name] = [value.strip() for value in self.config.get(setting, "").split(",")]
        choices = [
            dict(zip(values, choice, strict=True))
            for choice in product(*values.values())
            if "" not in choice
        ]
        return [
            owner | window | choice
            for owner, window, choice in product(self.owners, self.windows(self.since), choices)
        ]

    def windows(self, since: date | None) -> list[Record]:
        """Give the periods to ask for: all, or what may have changed since a day."""
        if not self.period:
            return [{}]
        today, start = self._tap.today, self._start
        if self.dry_run:
            days = 31 if self.period.size == "month" else 365
            start = max(start, self.period.since(today - timedelta(days)))
        elif since and not self.modified_filter:
            start = max(start, self.period.since(since))
        windows = list(self.period.windows(start, today))
        if self.since and self.changes_path:
            changed = date.fromisoformat(self.stream_state["full_read_at"])
            changed -= timedelta(days=self.config["lookback_days"])
            first, last = self.period[:2]
            windows += [
                window | {PATH: self.changes_path}
                for window in Period(first, last, "all").windows(changed, today)
            ]
        return windows

    @property
    @override
    def partitions(self) -> list[Record] | None:
        return self.contexts or None

    @override
    def get_url(self, context: Context | None) -> str:
        url = super().get_url(context)
        return url.replace(self.path, context[PATH]) if context and PATH in context else url

    @property
    def page_size(self) -> int:
        """Records to ask for in a page."""
        size: int = self.config["page_size"]
        return min(size, self.ABORT_AT_RECORD_COUNT or size)

    @override
    def get_url_params(self, context: Context | None, next_page_token: int | None) -> Record:
        today = self._tap.today.isoformat()
        params: Record = {name: text.format(today=today) for name, text in self.params.items()}
        for name, value in (context or {}).items():
            if f"{{{name}}}" not in self.path and name != PATH:
                params[name] = value
        if self.since and (changed := self.modified_filter or self.recent_filter):
            params[changed] = self.since.isoformat()
        if self.paged:
            params |= {"limit": self.page_size, "offset": next_page_token}
        return params

    def fetch(self, context: Record, offset: int) -> Page:
        """Ask for one page; raises what ``answer`` raises."""
        return self.answer(self.prepare(context, offset), self._page)

    def _page(self, response: requests.Response) -> Page:
        """Read the answer's body in any of the API's shapes.

        Raises:
            RetriableAPIError: It is none of them.
        """
        body = decoded(response)
        count, size = None, self.page_size
        if isinstance(body, dict):
            metadata = body.get("resultSetMetadata")
            if isinstance(metadata, dict) and self.paged:
                count = metadata.get("count")
                size = min(size, metadata.get("limit") or size)
            wrapper = next((key for key in ("results", self.records_key) if key in body), None)
            if wrapper:
                body = body[wrapper] or []
            elif not self.table.knows(body):
                body = None if body or self.paged else []
        records = [body] if isinstance(body, dict) else body
        if not isinstance(records, list):
            raise RetriableAPIError("a resposta não tem o formato documentado", response)
        if is_soiled(text_of(response.content)):
            records = mended(records, self.table.report)
        return Page(records, count if isinstance(count, int) else None, size)

    # One stream

    @override
    def _sync_records(
        self, context: Context | None = None, *, write_messages: bool = True
    ) -> Generator[Record, Any, Any]:
        self.entry = self._tap.run_log.start(self.name)
        self._stream_version = self.progress.version
        try:
            if self.idle:
                self._end("ok")
            else:
                self._begin()
                yield from super()._sync_records(context, write_messages=write_messages)
                self._conclude(write_messages=write_messages)
        except errors.Unavailable as error:
            self._end("skipped", str(error))
        except errors.QuotaSpent as error:
            self._end("postponed", str(error))
        except Closed:
            self._end("postponed", "a sincronização foi interrompida")
        except errors.Unauthorized as error:
            self._end("failed", str(error))
            self._tap.abort(str(error))
        except (RetriableAPIError, FatalAPIError, requests.RequestException) as error:
            self._end("failed", errors.explain(error))
            if not self._tap.answered and isinstance(error, requests.ConnectionError):
                self._tap.abort(
                    f"Não consegui falar com {self.get_url(None)}: {errors.explain(error)}. "
                    "Confira a internet desta máquina e a configuração api_url."
                )
            self._tap.failures += 1
        self.stream_state.pop("starting_replication_value", None)  # the SDK's, for a run that ends
        if write_messages:
            self._write_state_message()

    def _begin(self) -> None:
        progress = self.progress
        progress.pending = list(self.contexts)
        if self.parents and not progress.whole:
            progress.whole = len(self.read_parents) == len(self.parents) and all(
                parent.entry.status == "ok"
                and parent.progress.full
                and not parent._unchanged
                and (progress.continued or not parent.progress.continued)
                for parent in self.read_parents
            )
        self._rows_before = self._rows_read
        self.entry.extent = "full" if progress.full else "changes"
        if self.parents:
            self._tell_cost()

    def _tell_cost(self) -> None:
        cost = len(self.contexts)
        self.logger.info(
            "%s: %d requisições ou mais, pelos registros de %s; cerca de %d min pelo limite.",
            self.name,
            cost,
            " e ".join(parent.name for parent in self.read_parents),
            -(-cost // self.limiter.limit),
        )

    @override
    def generate_child_contexts(self, record: Record, context: Context | None) -> Iterable[Context]:
        return ()  # children are read after their parents, many at a time

    @override
    def get_records(self, context: Context | None) -> Iterable[Record]:
        parameters = dict(context or {})
        if self._left == 0 or (not parameters and (self.parents or self.chosen_by)):
            return
        yield from self._ask(parameters)
        progress = self.progress
        progress.pending.remove(parameters)
        progress.offset = 0

    def _ask(self, context: Record) -> Iterator[Record]:
        """Read a context, and again what does not reconcile."""
        self._asked += 1
        progress = self.progress
        continued = progress.offset > 0
        self._before = self._tap.rejects.mark, self.entry.rejected
        try:
            read = yield from self._read(context)
            if continued or (not self._reconciled(read) and read.pages > REREAD_PAGES):
                read = yield from self._mend(context, read)
            elif not self._reconciled(read):
                progress.offset = 0
                read = yield from self._read(context)
        except errors.Unavailable as error:
            if error.status != requests.codes.not_found or not context:
                raise
            progress.asked += 1
            progress.unanswered += 1
            return
        progress.asked += 1
        progress.rows += len(progress.seen)
        if not (self.paged or self.nested) and (lost := self._arrived - len(progress.seen)) > 0:
            self.table.report["registro com a chave de outro, longe dele; vale o último"] += lost
        if self._unreadable:
            progress.doubts.append("há registros ilegíveis, guardados em rejected_rows")
        if not self._reconciled(read):
            moved = ", pois registros mudaram de página durante a leitura" if read.moved else ""
            progress.doubts.append(
                f"a API anunciou {read.total} registros e vieram {self._found}{moved}"
            )

    @property
    def _rows_read(self) -> int:
        """Rows of all runs of this read."""
        return self.progress.rows + (len(self.progress.seen) if self.progress.offset else 0)

    @property
    def _found(self) -> int:
        return self._arrived if self.nested else len(self.progress.seen)

    def _reconciled(self, read: Read) -> bool:
        """Whether as many records came as the API announced, and the same number all the time."""
        if self.dry_run or read.total is None:
            return True
        # Where pages were read once more, what was deleted after it had come is too much.
        enough = self._found >= read.total if read.again else self._found == read.total
        return enough and not read.moved

    @property
    def _resumable(self) -> bool:
        """Whether a read may go on within a context: not where equal rows are told by counting."""
        return self.content_key is None and not self.nested

    def _read(self, context: Record) -> Generator[Record, None, Read]:
        """Read a context from its first page, or from where an earlier run stopped, to its last."""
        progress, read = self.progress, Read()
        self._unreadable = 0
        mark, self.entry.rejected = self._before
        self._tap.rejects.forget(mark)
        if progress.offset:
            yield from self._connect(context, progress.offset, read)
        else:
            progress.seen, self._content_keys = DistinctKeys(), ContentKeys()
            self._arrived = 0
        if read.total is not None and progress.offset >= read.total:
            return read
        for page in self._tap.reader.pages(self, context, progress.offset):
            if not read.pages and not self._planned and context:
                later = self.contexts[self.contexts.index(context) + 1 :]
                self._tap.reader.plan((self, other) for other in later)
                self._planned = True
            read.pages += 1
            read.see(page.total, progress.offset)
            yield from islice(self._rows(page), self._left)
            if self._resumable and page.total is not None:
                progress.offset += page.size
        return read

    def _connect(self, context: Record, offset: int, read: Read) -> Iterator[Record]:
        """Read backwards from a page until one has a row that came before.

        Rows that moved towards the front because others were deleted are among these.
        """
        known = 0
        while offset > 0 and not known and read.again < REREAD_PAGES:
            offset = max(offset - self.page_size, 0)
            _, known = yield from self._once_more(context, offset, read)

    def _mend(self, context: Record, read: Read) -> Generator[Record, None, Read]:
        """Look where rows may have slipped between pages: where the count changed, and in front."""
        if not self._resumable:
            return read
        mended = Read(total=read.total)
        for offset in read.moved:
            yield from self._connect(context, offset, mended)
        offset, new = 0, 1
        while new and mended.again < REREAD_PAGES:
            new, _ = yield from self._once_more(context, offset, mended)
            offset += self.page_size
        if new:
            mended.moved.append(offset)
        return mended

    def _once_more(
        self, context: Record, offset: int, read: Read
    ) -> Generator[Record, None, tuple[int, int]]:
        """Read one page and give how many of its rows are new and how many came before."""
        seen = self.progress.seen
        before = len(seen)
        page = self._tap.reader.page(self, context, offset)
        read.again += 1
        read.see(page.total, offset)
        yield from self._rows(page)
        new = len(seen) - before
        return new, len(list(page.records)) - new

    def unchanged(self, page: Page) -> bool:
        """Whether a first page tells that a watched stream need not be read before it is due."""
        progress = self.progress
        if not self.watched or progress.offset or self.dry_run:
            return False
        progress.first_page = digest([page.total, list(page.records)], self.privacy.key).hex()
        same = progress.first_page == self.stream_state.get("first_page")
        self._unchanged = same and not progress.full
        progress.full = not self._unchanged
        self.entry.extent = "full" if progress.full else "none"
        return self._unchanged

    @property
    def _left(self) -> int | None:
        """How many more records a dry run wants."""
        limit = self.ABORT_AT_RECORD_COUNT
        return None if limit is None else max(limit - self.progress.rows, 0)

    def _rows(self, page: Page) -> Iterator[Record]:
        for position, record in enumerate(page.records):
            if position % BESIDE == 0:
                self._beside.clear()
                self._again.clear()
            if not isinstance(record, dict):
                self._arrived += 1
                self._unreadable += 1
                hidden = self.privacy.unknown(record)
                self._set_aside(("ilegível", self._unreadable), hidden, "não é um objeto")
                continue
            if record.keys() == {BROKEN}:
                reason = without_persons(str(record[BROKEN]))
                self.progress.doubts.append(f"a API interrompeu a resposta: {reason}")
                continue
            self._arrived += 1
            if self.nested:
                yield from unnest(record, self.nested, self.table.nested)
            else:
                yield record

    @override
    def post_process(self, row: Record, context: Context | None = None) -> Record | None:
        known = self.table.convert(row, dict(context or {}))
        converted = self.hide(known)
        if self.content_key is not None:
            columns = self.content_key or [c for c in converted if c not in {KEY, EXTRA, "links"}]
            content = [converted[column] for column in columns]
            converted[KEY] = self._content_keys.key(content).hex()
        key = tuple(converted[name] for name in self.primary_keys)
        if None in key or self._too_long(key):
            key = self._complete(converted)
        if (first := self._beside.setdefault(key, converted)) is not converted:
            self._repeated(key, converted, first)
            return None
        self.progress.seen.add(key)
        for follower in self.followers:
            follower.offer(self, known)  # the API is asked for what is hidden from others
        return converted

    def _too_long(self, key: tuple[Any, ...]) -> bool:
        texts = (part for part in key if type(part) is str)
        return self._key_has_text and any(len(text) > LONGEST_KEY for text in texts)

    @cached_property
    def _key_has_text(self) -> bool:
        return any(self.table.kinds.get(name) == "string" for name in self.primary_keys)

    def _complete(self, converted: Record) -> tuple[Any, ...]:
        """Calculate what is missing in a row's key, or too long for it, so that it is not lost."""
        missing = [name for name in self.primary_keys if converted[name] is None]
        if missing:
            stand_in = self._content_keys.stand_in(converted)
            for name in missing:
                converted[name] = stand_in[self.table.kinds[name]]
            names = " e ".join(missing)
            self.table.report.count(f"registro sem {names}, gravado com chave calculada")
        for name in self.primary_keys:
            if self._too_long((converted[name],)):
                whole = {name: self.privacy.unknown(converted[name])}
                converted[EXTRA] = (converted[EXTRA] or {}) | whole
                converted[name] = f"codigo-longo-{digest(converted[name]).hex()}"
                self.table.report.count(f"código longo demais, gravado resumido: {name}")
        return tuple(converted[name] for name in self.primary_keys)

    def _repeated(self, key: tuple[Any, ...], row: Record, first: Record) -> None:
        """Land one of equal rows, and the first of those that only share their key."""
        self._again[key] += 1
        seen = (*key, self._again[key])
        if any(first[name] != row[name] for name in first):
            reason = "a mesma chave veio antes, na mesma página, com outro conteúdo"
            self._set_aside(seen, row, reason)
        elif seen not in self.progress.seen:
            self.progress.seen.add(seen)
            self.table.report.count("registro repetido na mesma página, gravado uma vez")

    def _set_aside(self, seen: tuple[Any, ...], record: Any, reason: str) -> None:  # noqa: ANN401
        """Reject what cannot land, which the API's ``count`` counts too.

        The only way to ``rejected_rows``. A page that is read once more rejects nothing anew.
        """
        if seen not in self.progress.seen:
            self.progress.seen.add(seen)
            self.entry.rejected += 1
            self._tap.rejects.add(self.name, record, reason)

    @override
    def _generate_record_messages(self, record: Record) -> Generator[RecordMessage, None, None]:
        """As the SDK does it, but for selection, which our flat schemas need only for columns."""
        for column in self._deselected:
            record.pop(column, None)
        for stream_map in self.stream_maps:
            if (mapped := stream_map.transform(record)) is not None:
                yield RecordMessage(
                    stream=stream_map.stream_alias,
                    record=mapped,
                    version=self._stream_version,
                    time_extracted=datetime.now(timezone.utc),
                )

    @cached_property
    def _deselected(self) -> list[str]:
        columns = self.table.schema["properties"]
        return [column for column in columns if not self.mask["properties", column]]

    @override
    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Leave the bookmark alone: it is the day of the last complete read, not a record's."""

    def _conclude(self, *, write_messages: bool) -> None:
        """After the last page: what vanished, where to go on, and what to tell."""
        missing = [s.name for s in self.read_parents if s.entry.status != "ok"]
        if self.parents and not self._asked and (missing or not self.read_parents):
            names = ", ".join(missing) or "recurso algum que esteja selecionado"
            return self._end("skipped", f"nenhum código veio de {names}")
        if self.chosen_by and not self._asked:
            settings = ", ".join(self.chosen_by.values())
            return self._end("skipped", f"informe a configuração {settings} para lê-lo")
        if self.dry_run or self._unchanged:
            return self._end("ok")
        progress, state, today = self.progress, self.stream_state, self._tap.today.isoformat()
        if progress.unanswered and progress.unanswered == progress.asked:
            return self._end("skipped", str(errors.Unavailable(requests.codes.not_found)))
        if progress.unanswered:
            missing_answers = (
                f"sem resposta (404) em {progress.unanswered} de {progress.asked} consultas"
            )
            (progress.doubts if self.period else self.entry.warnings).append(missing_answers)
        if progress.full and not progress.doubts and not progress.rows and state.get("rows"):
            since = state.setdefault("empty_since", today)
            if since == today:
                progress.doubts.append(
                    f"veio vazio, mas tinha {state['rows']} linhas; só serão dadas por excluídas "
                    "se a leitura de outro dia também vier vazia"
                )
        if progress.doubts:
            return self._end("incomplete", "; ".join(dict.fromkeys(progress.doubts)))
        if progress.full:
            if write_messages and self._sees_all:
                self._write_activate_version_message(progress.version)
            state |= {"rows": progress.rows, "full_read_at": progress.started}
            state.pop("empty_since", None)
            if self.watched:
                state["first_page"] = progress.first_page
        if self.modified_filter:
            state |= {
                "replication_key": self.modified_filter,
                "replication_key_value": progress.started,
            }
        return self._end("ok")

    @property
    def _sees_all(self) -> bool:
        """Whether a row that did not come is a row that no longer exists.

        Not where the API tells the position of one day only, nor if the ids to ask for are only
        some of them.
        """
        if self.period and self.period.size == "today":
            return False
        return self.progress.whole or not self.parents

    def _end(self, status: Status, error: str | None = None) -> None:
        """Close the stream's entry and tell what the user should know."""
        self.entry.rows = self._rows_read - self._rows_before - self.entry.rejected
        if status in {"postponed", "failed"} and self.progress.pending and not self.dry_run:
            self.stream_state["resume"] = self.progress.dump(self.privacy)
        else:
            self.stream_state.pop("resume", None)
        if status != "postponed":
            self.stream_state["ended_at"] = now()
        found = self.table.report.items()
        self.entry.warnings += [f"{sentence} ({times} vez(es))" for sentence, times in found]
        self.entry.finish(status, error)
        for warning in self.entry.warnings:
            self.logger.warning("%s", warning)
        if error:
            level = logging.ERROR if status == "failed" else logging.WARNING
            self.logger.log(level, "Recurso %s: %s.", STATUS_TEXT[status], error)
