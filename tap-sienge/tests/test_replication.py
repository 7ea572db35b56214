"""From state, settings and day follows what a run reads."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tap_sienge.partitions import Period
from tap_sienge.privacy import Privacy
from tap_sienge.progress import Progress
from tap_sienge.replication import Replication
from tap_sienge.state import StreamState, sound

SAMPLES = Path(__file__).parent / "states"
TODAY = date(2026, 3, 9)
START = date(2024, 1, 1)
YEARS = Period("from", "to")
MONTHS = Period("from", "to", "month")


def replication(**declared: Any) -> Replication:  # noqa: ANN401
    return Replication(today=TODAY, start=START, **declared)


def plan(subject: Replication, state: StreamState, left: Progress | None = None) -> Progress:
    return subject.plan(state, left, 7, everything=subject.is_due(state))


@pytest.mark.parametrize(
    ("days", "last", "due"),
    [
        (0, "2026-03-09", True),
        (7, "", True),
        (7, "2026-03-02", True),
        (7, "2026-03-03", False),
    ],
)
def test_a_full_read_is_due_after_its_days(days: int, last: str, due: bool) -> None:
    assert replication(refresh_days=days).is_due(StreamState(full_read_at=last)) is due


def test_between_full_reads_changes_are_read_from_the_bookmark_less_the_overlap() -> None:
    subject = replication(refresh_days=7, modified=True, lookback_days=2)
    state = StreamState(full_read_at="2026-03-08", replication_key_value="2026-03-08")
    progress = plan(subject, state)
    assert (progress.full, progress.since) == (False, "2026-03-06")
    assert plan(subject, StreamState()).full


def test_what_is_read_by_periods_is_read_again_where_it_may_have_changed() -> None:
    subject = replication(refresh_days=7, period=YEARS, window_lookback_days=90)
    state = StreamState(full_read_at="2026-03-08")
    progress = plan(subject, state)
    assert (progress.full, progress.since) == (False, "2025-12-09")
    assert subject.windows(date(2025, 12, 9)) == [
        {"from": "2025-12-09", "to": "2025-12-31"},
        {"from": "2026-01-01", "to": "2026-03-09"},
    ]
    # All of it may have changed where it begins no earlier: then it is as well read whole.
    whole = replication(refresh_days=7, period=YEARS, window_lookback_days=3650)
    assert plan(whole, state).full


def test_changes_are_asked_for_since_the_last_full_read() -> None:
    subject = replication(period=YEARS, lookback_days=2)
    state = StreamState(full_read_at="2026-03-04")
    changes = {"path": "/v1/changed"}
    assert subject.changed_windows(state, date(2025, 12, 9), changes) == [
        {"from": "2026-03-02", "to": "2026-03-09", "path": "/v1/changed"}
    ]
    assert not subject.changed_windows(state, None, changes)


def test_a_dry_run_asks_for_the_last_period_only() -> None:
    assert replication(period=MONTHS).windows(None, dry_run=True) == [
        {"from": "2026-02-01", "to": "2026-02-28"},
        {"from": "2026-03-01", "to": "2026-03-09"},
    ]


def test_an_interrupted_read_goes_on_unless_more_is_due() -> None:
    subject, recent = (
        replication(refresh_days=7, modified=True),
        StreamState(full_read_at="2026-03-08"),
    )
    changes = Progress(full=False, since="2026-03-01", started="2026-03-08", version=3)
    full = Progress(full=True, since=None, started="2026-03-01", version=3)
    assert plan(subject, recent, changes) is changes
    assert plan(subject, StreamState(full_read_at="2026-01-01"), changes).full
    assert plan(subject, StreamState(full_read_at="2026-01-01"), full) is full


def test_a_version_is_above_the_last_one() -> None:
    assert plan(replication(), StreamState(version=41)).version == 42
    assert plan(replication(), StreamState()).version == 7


def test_a_bookmark_keeps_the_names_that_earlier_versions_wrote() -> None:
    bookmark = {"asked": "YQ==", "open": "b", "unread": "c", "rows": 3, "progress_markers": {}}
    state = StreamState.load(bookmark)
    assert (state.parent_fingerprints, state.open_contexts, state.unread_contexts) == (
        "YQ==",
        "b",
        "c",
    )
    state.unread_contexts, state.landed = "", True
    state.dump(bookmark)
    assert bookmark == {
        "asked": "YQ==", "open": "b", "rows": 3, "landed": True, "progress_markers": {}
    }  # fmt: skip


def test_a_sound_state_is_kept_whole() -> None:
    progress = Progress(full=True, since=None, started="2026-03-08", version=3, rows=2)
    whole = StreamState(version=3, full_read_at="2026-03-01", landed=True, complete=True)
    whole.resume = progress.dump(Privacy({}))
    bookmark: dict[str, Any] = {}
    whole.dump(bookmark)
    state = {"bookmarks": {"units": bookmark}}
    assert sound(state, TODAY) == (state, [])
    assert StreamState.load(bookmark) == whole
    left = Progress.load(whole.resume, Privacy({}))
    assert (left.rows, left.full, left.continued) == (2, True, True)


def test_a_setting_that_changed_reads_everything_anew() -> None:
    state = StreamState(full_read_at="2026-03-08", rows=3)
    assert state.heed({"personal_data": "keep", "start_date": "2024-01-01"}) == []
    assert state.full_read_at == "2026-03-08"
    assert state.heed({"personal_data": "keep", "start_date": "2020-01-01"}) == ["start_date"]
    assert (state.full_read_at, state.rows) == ("", 3)
    assert StreamState().heed({"personal_data": "mask"}) == []


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_bookmarks_of_earlier_versions_are_sound(sample: Path) -> None:
    """Each was written by the version that its name tells, with units half read."""
    state = json.loads(sample.read_text())
    kept, told = sound(state, date(2100, 1, 1))
    assert (kept, told) == (state, [])
    for bookmark in kept["bookmarks"].values():
        loaded, again = StreamState.load(bookmark), dict(bookmark)
        loaded.dump(again)
        assert {n: v for n, v in bookmark.items() if v} == again
    units = StreamState.load(kept["bookmarks"]["units"])
    left = Progress.load(units.resume, Privacy({}))
    assert left.continued
    assert left.offset > 0
    assert len(left.seen) > 0
