"""States that are damaged, of the future, of another version: told, and read anew."""

from __future__ import annotations

import copy
import json
import re
import zlib
from base64 import b64decode, b64encode
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


def packed(contexts: object) -> str:
    return b64encode(zlib.compress(json.dumps(contexts).encode())).decode()


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
    *({"bookmarks": {name: {field: value} for name in STREAMS}}
      for field, value in {"replication_key_value": "0001-01-01", "full_read_at": "0001-01-01",
                           "version": 2**63, "partitions": 7, "progress_markers": 7}.items()),
    {"bookmarks": {name: {"version": 10**30} for name in STREAMS}},
    {"bookmarks": {name: {"partitions": [7]} for name in STREAMS}},
]  # fmt: skip


@pytest.mark.parametrize("state", DAMAGED, ids=repr)
def test_a_damaged_state_is_read_anew(simulator: Simulator, run_tap: Tap, state: object) -> None:
    config = simulator.config | UNLIMITED
    run = run_tap(config, streams=["property_types", "customers"], state=state)
    for name in ("property_types", "customers"):
        assert run.log[name]["status"] == "ok", run.log[name]["error"]
        assert {row["id"] for row in run.rows[name]} == true_ids(simulator, name)


def test_bookmarks_of_reports_and_of_streams_that_are_no_more_do_no_harm(
    simulator: Simulator, run_tap: Tap
) -> None:
    config = simulator.config | UNLIMITED
    state = run_tap(config, streams=["property_types"]).state
    state["bookmarks"] |= {"nao_ha": {"version": "x"}, "": {}, "sync_log": {"version": 7}}
    run = run_tap(config, streams=["property_types"], state=state)
    assert run.log["property_types"]["status"] == "ok"


RESUMES: list[dict[str, Any]] = [
    {"pending": "!"}, {"pending": "AAAA"}, {"seen": "AAAA"}, {"offset": "3"}, {"rows": None},
    {"started": "9999-01-01"}, {"started": None}, {"version": "7"}, {"novo": 1}, {"prints": "AAA"},
    {"full": "sim"}, {"doubts": [1]}, {"since": "2999-01-01"}, {"since": "!"}, {"offset": -5},
    {"version": 10**20}, {"version": 1}, {"rows": -1}, {"pending": packed([])},
    {"pending": packed([{"a": {}}])}, {"prints": "AAAAAAAAAAAAAAAA"}, {"seen": 7}, {"asked": -1},
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


@pytest.mark.parametrize(
    "text", ["", " ", '{"bookmarks": {', "7", '"x"', "NaN", "\0", "[1]"], ids=repr
)
def test_a_state_file_that_is_none_is_told_and_all_is_read(
    simulator: Simulator, run_tap: Tap, tmp_path: Path, text: str
) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    config = simulator.config | UNLIMITED
    run = run_tap(config, f"--state={state}", streams=["customers"])
    assert run.log["customers"]["status"] == "ok"
    assert {row["id"] for row in run.rows["customers"]} == true_ids(simulator, "customers")
    assert "O estado está danificado" in run.stderr


KEPT: list[Any] = ["!", "AAAA", 7, None, [], packed([{"outro": 7}]), packed([{"billId": []}])]


@pytest.mark.parametrize("kept", KEPT, ids=repr)
@pytest.mark.parametrize("field", ["unread", "open"])
def test_contexts_that_cannot_be_read_again_are_not_forgotten(
    start_simulator: Start, run_tap: Tap, field: str, kept: object
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    bill = min(true_ids(simulator, "bills"))
    path = f"/v1/bills/{bill}/installments"
    streams = ["bills", "bills_installments"]
    simulator.admin("/faults", {"path": path, "kind": "status", "status": 422, "count": 99})
    first = run_tap(config, streams=streams)
    assert first.log["bills_installments"]["status"] == "incomplete"
    simulator.admin("/faults", method="DELETE")
    state = first.state
    state["bookmarks"]["bills_installments"][field] = kept
    second = run_tap(config, streams=streams, state=state)
    assert second.log["bills_installments"]["status"] == "ok"
    assert bill in {row["bill_id"] for row in second.rows["bills_installments"]}
    assert "de novo" in second.stderr


def test_a_resume_of_another_version_asks_for_no_parameter_that_it_lacks(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | UNLIMITED
    streams = ["bills", "bills_installments"]
    first = run_tap(config | {"daily_request_limit": 12}, streams=streams)
    state = first.state
    resume = state["bookmarks"]["bills_installments"]["resume"]
    text = zlib.decompress(b64decode(resume["pending"])).decode()
    resume["pending"] = packed(json.loads(text.replace("billId", "id")))
    second = run_tap(config | {"daily_request_limit": 1000}, streams=streams, state=state)
    assert second.log["bills_installments"]["status"] == "ok"
    true = simulator.truth("bills_installments")
    rows = [*first.rows["bills_installments"], *second.rows["bills_installments"]]
    assert len(rows) == len(true)
    assert not [r for r in simulator.requests if "{" in r["path"] or "%7B" in r["path"]]
