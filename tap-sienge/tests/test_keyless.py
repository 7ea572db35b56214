"""Rows without a key: usual where none ever had one, else a reason not to conclude anything yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]

PATHS = {"accountancy_entries": "/v1/accountancy/entries", "property_types": "/v1/property-types"}
SETTINGS = {
    "start_date": "2020-01-01",
    "window_lookback_days": 1000,
    "full_refresh_days": {"property_types": 0},
}
"""With which rows are read again the next day."""


def lose_keys(simulator: Simulator, stream: str) -> None:
    replaced = {"kind": "replace", "items": [{"id": None}] * 200, "count": 1_000_000}
    simulator.admin("/faults", {"path": PATHS[stream]} | replaced)


def test_where_no_row_ever_had_a_key_rows_are_deleted_and_changes_are_enough(
    simulator: Simulator, run_tap: Tap
) -> None:
    """By the newer document, accounting entries have no id (FACTS)."""
    stream = "accountancy_entries"
    config = simulator.config | SETTINGS
    lose_keys(simulator, stream)
    first = run_tap(config, streams=["companies", stream])
    assert first.log[stream]["status"] == "ok", first.log[stream]
    assert {row["id"] < 0 for row in first.rows[stream]} == {True}
    assert stream in first.activated

    state = days_pass(1, simulator, first.state)
    second = run_tap(config, streams=["companies", stream], state=state)
    assert second.log[stream]["status"] == "ok"
    assert second.log[stream]["requests"] < first.log[stream]["requests"]

    bookmark = second.state["bookmarks"][stream]
    bookmark["rows"] -= 1  # there was one entry less, so one more has no key now
    bookmark["keyless"] -= 1
    state = days_pass(8, simulator, second.state)
    third = run_tap(config, streams=["companies", stream], state=state)
    assert third.log[stream]["status"] == "ok", third.log[stream]
    assert stream in third.activated


@pytest.mark.parametrize("full", [True, False])
def test_where_rows_had_keys_their_loss_must_hold(
    simulator: Simulator, run_tap: Tap, *, full: bool
) -> None:
    stream = "property_types" if full else "accountancy_entries"
    config = simulator.config | SETTINGS
    first = run_tap(config, streams=["companies", stream])
    lose_keys(simulator, stream)
    state = days_pass(1, simulator, first.state)
    second = run_tap(config, streams=["companies", stream], state=state)
    assert second.log[stream]["status"] == "incomplete", second.log[stream]
    assert stream not in second.activated
    third = run_tap(config, streams=["companies", stream], state=second.state)
    assert third.log[stream]["status"] == ("ok" if full else "incomplete")
    assert (stream in third.activated) == full


def test_rows_without_a_key_that_come_again_are_told_and_read_anew(
    simulator: Simulator, run_tap: Tap
) -> None:
    stream = "accountancy_entries"
    config = simulator.config | SETTINGS | {"page_size": 10, "max_connections": 1}
    lose_keys(simulator, stream)
    shift = {"path": PATHS[stream], "after_requests": 8, "create": 0, "delete": 30}
    simulator.admin("/shift", shift)
    first = run_tap(config, streams=["companies", stream])
    assert first.log[stream]["status"] == "incomplete", first.log[stream]
    assert "duas vezes" in first.log[stream]["error"]
    assert stream not in first.activated
    second = run_tap(config, streams=["companies", stream], state=first.state)
    assert second.log[stream]["status"] == "ok"
    assert len(second.rows[stream]) == len(simulator.truth(stream))
    assert stream in second.activated


def test_rows_of_an_answer_that_breaks_off_are_not_counted_twice(
    simulator: Simulator, run_tap: Tap
) -> None:
    stream, path = "bulk_income", "/bulk-data/v1/income"
    config = simulator.config | {"bulk_mode": "sync", "max_retries": 1}
    config |= {"start_date": "2025-01-01", "full_refresh_days": {"*": 0}}
    keyless = {"path": path, "kind": "replace", "items": [{"installmentId": None}]}
    keyless["query"] = {"startDate": "2025-01-01"}
    always = keyless | {"count": 1_000_000}
    simulator.admin("/faults", always)
    first = run_tap(config, streams=[stream])
    assert first.log[stream]["status"] == "ok", first.log[stream]

    simulator.admin("/faults", method="DELETE")
    broken = {"also": ["wrap"], "after": {"status": 500}}
    simulator.admin("/faults", [keyless | broken, always])
    second = run_tap(config, streams=[stream], state=first.state)
    assert second.log[stream]["requests"] == first.log[stream]["requests"] + 1
    assert second.log[stream]["status"] == "ok", second.log[stream]
    assert stream in second.activated
