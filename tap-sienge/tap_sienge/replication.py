"""What a run reads of a stream: everything, what changed since a day, or what was left over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tap_sienge.keys import digest
from tap_sienge.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_sienge.declaration import Declaration
    from tap_sienge.pages import Page
    from tap_sienge.partitions import Period
    from tap_sienge.state import StreamState
    from tap_sienge.values import Record

NEVER = date.min


@dataclass(frozen=True)
class Replication:
    """How often a stream is read whole, and from which day on it is read between.

    >>> weekly = Replication(today=date(2026, 3, 9), start=date(2020, 1, 1), refresh_days=7)
    >>> weekly.is_due(StreamState(full_read_at="2026-03-02"))
    True
    """

    today: date
    start: date
    """First day of what is read by periods."""
    refresh_days: int = 0
    """Days between full reads; 0: each read is one."""
    modified: bool = False
    """Whether the API tells what was modified since a date: the bookmark."""
    recent: bool = False
    """Whether it tells what is recent."""
    period: Period | None = None
    lookback_days: int = 0
    """Days before the bookmark from which on changes are read again."""
    window_lookback_days: int = 0
    """Days before today in which what is read by periods may still change."""
    in_round: bool = False
    """Whether only what the API can tell to have changed is read."""

    @classmethod
    def of(
        cls, stream: type[Declaration], config: Mapping[str, Any], today: date, *, incremental: bool
    ) -> Replication:
        """Put together what a stream declares and what the settings say of it.

        ``incremental`` is what the catalog asks for.
        """
        days = config["full_refresh_days"]
        refresh_days = int(days.get(stream.name, days.get("*", stream.usual_days())))
        whole = (stream.period and stream.period.size == "today") or (
            stream.modified_filter and not incremental
        )
        return cls(
            today=today,
            start=date.fromisoformat(config["start_date"][:10]),
            refresh_days=0 if whole else refresh_days,
            modified=bool(stream.modified_filter),
            recent=bool(stream.recent_filter),
            period=stream.period,
            lookback_days=config["lookback_days"],
            window_lookback_days=config["window_lookback_days"],
            in_round=config["round"],
        )

    def is_due(self, state: StreamState) -> bool:
        """Whether it is time for a full read."""
        last = _day(state.full_read_at) or NEVER
        return not self.in_round and (self.today - last).days >= self.refresh_days

    def changed_since(self, state: StreamState) -> date | None:
        """Give the day from which on something may have changed; None where that is not told."""
        if self.modified:
            bookmark = _day(state.replication_key_value)
            return bookmark - timedelta(self.lookback_days) if bookmark else None
        if self.in_round and not self.recent:
            last = _day(state.full_read_at)
            return last - timedelta(self.lookback_days) if last else None
        day = self.today - timedelta(self.window_lookback_days)
        return day if self.recent or (self.period and day > self.start) else None

    @property
    def modified_since(self) -> str:
        """The day from which on records count as changed of late."""
        return (self.today - timedelta(self.lookback_days)).isoformat()

    @property
    def recent_since(self) -> str:
        """The day from which on records count as recent."""
        return (self.today - timedelta(self.window_lookback_days)).isoformat()

    def plan(
        self, state: StreamState, left: Progress | None, version: int, *, everything: bool
    ) -> Progress:
        """Decide what this run reads.

        It goes on with what an earlier run ``left``, unless that was less than is due now. The
        rows of a new read are marked with ``version``, or one above all that came before, also
        if the clock was set back.
        """
        if left and (left.full or not everything):
            return left
        since = None if everything else self.changed_since(state)
        full = everything or (since is None and (self.modified or self.period is not None))
        return Progress(
            full,
            since.isoformat() if since else None,
            self.today.isoformat(),
            max(version, state.version + 1),
        )

    def windows(self, since: date | None, *, dry_run: bool = False) -> list[Record]:
        """Give the periods to read: all, or what may have changed since a day.

        A dry run reads the last one only.
        """
        if not self.period:
            return [{}]
        if self.in_round:  # else ``changed_windows``
            whole = self.period._replace(size="all").windows(self.start, self.today)
            return list(whole) if self.modified else []
        start = self.start
        if dry_run:
            days = 31 if self.period.size == "month" else 365
            start = max(start, self.period.since(self.today - timedelta(days)))
        elif since and not self.modified:
            start = max(start, self.period.since(since))
        return list(self.period.windows(start, self.today))

    def changed_windows(
        self, state: StreamState, since: date | None, changes: Mapping[str, str]
    ) -> list[Record]:
        """Give the period that tells what changed since the last full read."""
        last = _day(state.full_read_at)
        if not (self.period and since and changes and last):
            return []
        return self.period.changed(last - timedelta(self.lookback_days), self.today, changes)


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def fingerprint(page: Page, key: bytes) -> str:
    """Give what tells a first page from another one."""
    return digest([page.total, list(page.records)], key).hex()
