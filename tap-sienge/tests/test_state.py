"""States that are damaged, of the future, of another version: told, and read anew."""

from __future__ import annotations

import copy
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

FEW = ("--rows", "customers=30", "--rows", "bills=30", "--rows", "units=500")
UNLIMITED = {"requests_per_minute": 1_000_000, "start_date": "2020-01-01"}
STREAMS = ["customers", "property_types", "bills", "bills_installments"]


def later(day: re.Match[str]) -> str:
    return (date.fromisoformat(day[0]) + timedelta(20)).isoformat()


def true_ids(simulator: Simulator, name: str) -> set[int]:
    return {row["id"] for row in simulator.truth(name)}


def test_a_day_in_the_future_counts_as_never(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    first = run_tap(config, streams=STREAMS)
    text = re.sub(r'(?<!start_date": ")\d{4}-\d\d-\d\d', later, json.dumps(first.state))
    second = run_tap(config, streams=STREAMS, state=json.loads(text))
    assert {name: second.log[name]["status"] for name in STREAMS} == dict.fromkeys(STREAMS, "ok")
    for name in ("customers", "property_types", "bills"):
        assert {row["id"] for row in second.rows[name]} == true_ids(simulator, name)
        assert name in second.activated
    assert "no futuro" in second.stderr


def test_a_version_is_above_all_before_it(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    first = run_tap(config, streams=["enterprises"])
    state = copy.deepcopy(first.state)
    bookmark = state["bookmarks"]["enterprises"]
    bookmark["version"] += 20 * 86_400_000
    second = run_tap(config, streams=["enterprises"], state=state)
    versions = {m["version"] for m in second.messages if m["type"] == "ACTIVATE_VERSION"}
    assert min(versions) > bookmark["version"]


DAMAGED: list[Any] = [
    [], {"bookmarks": []}, {"bookmarks": {"customers": None, "bills": 7}},
    *({"bookmarks": {name: {field: value} for name in STREAMS}}
      for field in ("full_read_at", "replication_key_value", "resume", "asked", "unread", "rows",
                    "version", "ended_at", "open", "complete", "first_page")
      for value in (None, 7, "!", {"full": True}, [])),
]  # fmt: skip


@pytest.mark.parametrize("state", DAMAGED, ids=repr)
def test_a_damaged_state_is_read_anew(simulator: Simulator, run_tap: Tap, state: object) -> None:
    config = simulator.config | UNLIMITED
    run = run_tap(config, streams=["property_types", "customers"], state=state)
    for name in ("property_types", "customers"):
        assert run.log[name]["status"] == "ok", run.log[name]["error"]
        assert {row["id"] for row in run.rows[name]} == true_ids(simulator, name)


RESUMES: list[dict[str, Any]] = [
    {"pending": "!"}, {"pending": "AAAA"}, {"seen": "AAAA"}, {"offset": "3"}, {"rows": None},
    {"started": "9999-01-01"}, {"started": None}, {"version": "7"}, {"novo": 1}, {"prints": "AAA"},
    {"full": "sim"}, {"doubts": [1]},
]  # fmt: skip


@pytest.mark.parametrize("change", RESUMES, ids=repr)
def test_a_resume_that_cannot_be_read_is_told_and_the_read_begins_anew(
    start_simulator: Start, run_tap: Tap, change: dict[str, Any]
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    first = run_tap(config | {"daily_request_limit": 2}, streams=["units"])
    state = first.state
    state["bookmarks"]["units"]["resume"] |= change
    second = run_tap(config | {"daily_request_limit": 100}, streams=["units"], state=state)
    assert second.log["units"]["status"] == "ok"
    assert {row["id"] for row in second.rows["units"]} == true_ids(simulator, "units")
    assert "units" in second.activated
    told = [line for line in second.stderr.splitlines() if "units" in line and "de novo" in line]
    assert len(told) == 1, second.stderr


SAMPLES = Path(__file__).parent / "states"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_states_of_earlier_versions_load(
    start_simulator: Start, run_tap: Tap, sample: Path
) -> None:
    """Each was written by the version that its name tells, with units half read (see conclude)."""
    simulator = start_simulator(*FEW)
    state = json.loads(sample.read_text())
    streams = ["units", "customers", "property_types", "bills", "bills_installments"]
    run = run_tap(simulator.config | UNLIMITED, streams=streams, state=state)
    assert {run.log[name]["status"] for name in streams} == {"ok"}
    assert "danificado" not in run.stderr
    assert "não pode continuar" not in run.stderr
    pages = [r["query"] for r in simulator.requests if r["path"] == "/v1/units"]
    assert "offset=0" not in pages[0], "the read goes on where it stopped"
