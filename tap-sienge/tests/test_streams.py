"""What the tap reads from the simulator, and what it does when the API does not play along."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from tap_sienge.streams import STREAMS, presets

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

UNLIMITED = {"requests_per_minute": 100_000, "bulk_requests_per_minute": 100_000}
FAST = {"max_retries": 2}


def today() -> str:
    return datetime.now(ZoneInfo("America/Sao_Paulo")).date().isoformat()


def test_the_default_streams_give_every_true_record(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config | UNLIMITED)
    assert run.code == 0
    counts = simulator.counts
    assert set(run.log) == set(presets()["padrao"])
    for stream in (stream for stream in STREAMS if stream.name in run.log):
        name, rows = stream.name, run.rows[stream.name]
        distinct = {tuple(row[key] for key in stream.primary_keys) for row in rows}
        assert len(distinct) == len(rows) == run.log[name]["rows"] > 0, name
        assert run.log[name]["status"] == "ok", run.log[name]
        if name not in {"document_identifications", "accounts_balances"}:  # codes used, position
            assert len(rows) == counts[name], name
    assert run.activated == set(run.log) - {"accounts_balances"}
    asked = [request for request in simulator.requests if request["status"] == 200]
    assert sum(entry["requests"] for entry in run.log.values()) == len(asked)


def test_a_stream_is_chosen_by_selection(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config, streams=["companies"])
    assert set(run.rows) == {"companies", "sync_log"}
    assert {request["path"].rsplit("/", 1)[1] for request in simulator.requests} == {"companies"}


def test_a_dry_run_asks_for_one_record_of_each_stream(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config, "--test")
    assert run.code == 0
    assert " ERROR " not in run.stderr
    assert not run.activated
    assert all(len(rows) == 1 for stream, rows in run.rows.items() if stream != "sync_log")
    assert all("limit=1" in request["query"] for request in simulator.requests[:5])


def test_customers_and_contracts_are_incremental(simulator: Simulator, run_tap: Tap) -> None:
    streams = ["customers", "sales_contracts", "companies"]
    first = run_tap(simulator.config, streams=streams)
    for name in streams[:2]:
        assert first.state["bookmarks"][name]["replication_key_value"] == today()
    changed = {}
    for name in streams[:2]:
        body = {"resource": name, "create": 3, "update": 2}
        changed[name] = simulator.admin("/change", body)
    simulator.admin("/requests", method="DELETE")
    second = run_tap(simulator.config, streams=streams, state=first.state)
    for name in streams[:2]:
        touched = {*changed[name]["created"], *changed[name]["updated"]}
        assert touched <= second.ids(name)
        assert len(second.rows[name]) < len(first.rows[name]) / 2
        assert name not in second.activated, "a partial read says nothing about deletions"
    queries = {r["path"].rsplit("/", 1)[1]: r["query"] for r in simulator.requests}
    assert "modifiedAfter=" in queries["customers"]
    assert "modifiedAfter=" in queries["sales-contracts"]
    assert "companies" in second.activated


def test_a_full_read_every_few_days_sees_deletions(simulator: Simulator, run_tap: Tap) -> None:
    first = run_tap(simulator.config, streams=["customers"])
    simulator.admin("/change", {"resource": "customers", "delete": 2})
    state = first.state
    state["bookmarks"]["customers"]["full_read_at"] = "2020-01-01"
    second = run_tap(simulator.config, streams=["customers"], state=state)
    assert second.activated == {"customers"}
    assert len(second.ids("customers")) == simulator.counts["customers"]
    assert second.state["bookmarks"]["customers"]["full_read_at"] == today()


@pytest.mark.parametrize("status", [403, 404, 405])
def test_an_unavailable_resource_is_skipped(
    simulator: Simulator, run_tap: Tap, status: int
) -> None:
    simulator.admin("/permissions", {"/v1/creditors": status, "/v1/bills": status})
    run = run_tap(simulator.config, streams=["creditors", "bills", "units"])
    assert run.code == 0
    assert run.log["creditors"]["status"] == run.log["bills"]["status"] == "skipped"
    assert f"({status})" in run.log["creditors"]["error"]
    assert run.log["units"]["status"] == "ok"
    assert run.activated == {"units"}
    assert run.stderr.count("Recurso indisponível") == 2
    schemas = {m["stream"] for m in run.messages if m["type"] == "SCHEMA"}
    assert {"creditors", "bills"} <= schemas, "the tables must exist"
    asked = [r for r in simulator.requests if r["path"].endswith("/creditors")]
    assert len(asked) == 1
    if status != 404:
        assert len([r for r in simulator.requests if r["path"].endswith("/bills")]) == 1


def test_a_wrong_password_ends_the_run_at_the_first_answer(
    simulator: Simulator, run_tap: Tap
) -> None:
    run = run_tap(simulator.config | {"password": "errada"})
    assert run.code == 1
    critical = [line for line in run.stderr.splitlines() if "CRITICAL" in line]
    assert len(critical) == 1
    assert "usuário de API" in critical[0]
    assert "Traceback" not in run.stderr
    assert len(simulator.requests) == 1


@pytest.mark.parametrize("streams", [["companies"], ["companies", "units"], None])
def test_a_password_that_was_right_is_asked_with_twice_before_it_counts_as_wrong(
    simulator: Simulator, run_tap: Tap, streams: list[str] | None
) -> None:
    first = run_tap(simulator.config, streams=["companies", "units"])
    simulator.admin("/requests", method="DELETE")
    config = simulator.config | {"password": "errada"}
    run = run_tap(config, streams=streams, state=first.state)
    assert run.code == 1
    critical = [line for line in run.stderr.splitlines() if "CRITICAL" in line]
    assert len(critical) == 1
    assert "usuário de API" in critical[0]
    assert "só neste recurso" not in run.stderr
    assert len(simulator.requests) == (1 if streams == ["companies"] else 2)
    assert "sync_log" not in run.rows


def test_a_resource_that_is_refused_first_ends_no_run(simulator: Simulator, run_tap: Tap) -> None:
    streams = ["companies", "units"]
    first = run_tap(simulator.config, streams=streams)
    fault = {"path": "/v1/companies", "kind": "status", "status": 401, "count": 1000}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config, streams=streams, state=first.state)
    assert run.code == 1
    assert "só neste recurso (401)" in run.log["companies"]["error"]
    assert "Recurso falhou: o Sienge recusou o usuário ou a senha só neste recurso" in run.stderr
    assert run.log["units"]["status"] == "ok"
    assert run.activated == {"units"}


def test_a_wrong_subdomain_is_named(simulator: Simulator, run_tap: Tap) -> None:
    run = run_tap(simulator.config | {"subdomain": "outra"}, streams=["companies", "units"])
    assert run.code == 1
    assert "Confira o subdomínio" in run.stderr


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 503, "retry_after": 1},
        {"kind": "status", "status": 429, "retry_after": 1},
        {"kind": "html"},
        {"kind": "truncate"},
        {"kind": "invalid_json"},
        {"kind": "empty_body"},
        {"kind": "reset"},
        {"kind": "hang"},
    ],
    ids=lambda fault: f"{fault['kind']}{fault.get('status', '')}",
)
def test_a_passing_fault_costs_no_row(
    simulator: Simulator, run_tap: Tap, fault: dict[str, Any]
) -> None:
    simulator.admin("/faults", fault | {"path": "/v1/customers", "count": 2, "skip": 1})
    run = run_tap(simulator.config | {"request_timeout": 2}, streams=["customers"])
    assert run.code == 0
    assert run.log["customers"]["status"] == "ok"
    assert len(run.ids("customers")) == simulator.counts["customers"]
    assert len(simulator.requests) == 7 + 2, "seven pages, two of them asked for again"
    assert "nova tentativa" in run.stderr


def test_a_stream_that_keeps_failing_does_not_stop_the_others(
    simulator: Simulator, run_tap: Tap
) -> None:
    fault = {"path": "/v1/creditors", "kind": "status", "status": 500, "count": 1000, "skip": 1}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | FAST, streams=["creditors", "units"])
    assert run.code == 1
    assert run.log["creditors"]["status"] == "failed"
    assert "500" in run.log["creditors"]["error"]
    assert "Não foi possível ler: creditors" in run.stderr
    assert run.activated == {"units"}
    assert len(run.ids("units")) == simulator.counts["units"]


def test_a_failed_incremental_stream_keeps_its_bookmark(simulator: Simulator, run_tap: Tap) -> None:
    bookmark = {"replication_key": "modifiedAfter", "replication_key_value": "2024-01-01"}
    state = {"bookmarks": {"customers": bookmark | {"full_read_at": today()}}}
    fault = {"path": "/v1/customers", "kind": "status", "status": 500, "count": 1000, "skip": 1}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | FAST, streams=["customers"], state=state)
    assert run.code == 1
    assert run.state["bookmarks"]["customers"].items() >= state["bookmarks"]["customers"].items()


def test_a_collection_suddenly_empty_is_believed_on_another_day(
    simulator: Simulator, run_tap: Tap
) -> None:
    name, streams = "payment_categories", ["payment_categories"]
    first = run_tap(simulator.config, streams=streams)
    fault = {"path": "/v1/payment-categories", "kind": "empty_list", "count": 1000}
    simulator.admin("/faults", fault)
    second = run_tap(simulator.config, streams=streams, state=first.state)
    third = run_tap(simulator.config, streams=streams, state=second.state)
    for run in (second, third):
        assert run.code == 0
        assert run.log[name]["status"] == "incomplete"
        assert "veio vazio, mas tinha" in run.log[name]["error"]
        assert not run.activated
    state = days_pass(1, simulator, third.state)
    assert run_tap(simulator.config, streams=streams, state=state).activated == {name}
    simulator.admin("/faults", method="DELETE")
    back = run_tap(simulator.config, streams=streams, state=state)
    assert back.activated == {name}
    assert "empty_since" not in back.state["bookmarks"][name]


def test_a_password_that_stops_working_is_told_and_logged(
    simulator: Simulator, run_tap: Tap
) -> None:
    fault = {"path": "/v1/customers", "kind": "status", "status": 401, "count": 1000, "offset": 398}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config, streams=["companies", "customers", "units"])
    assert run.code == 1
    assert run.log["companies"]["status"] == "ok"
    assert run.log["customers"]["status"] == "failed"
    assert "recusou o usuário ou a senha" in run.log["customers"]["error"]
    assert run.stderr.count("recusou o usuário ou a senha") == 1
    assert "companies" in run.state["bookmarks"]


def test_wrong_and_unknown_values_are_kept_and_told(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator("--dirty")
    run = run_tap(simulator.config, streams=["customers", "bills"])
    assert run.code == 0
    told = run.log["customers"]["warnings"] + run.log["bills"]["warnings"]
    kept = [r["_extra"] for s in ("customers", "bills") for r in run.rows[s] if r["_extra"]]
    assert kept
    for name in {name for extra in kept for name in extra}:
        assert any(f": {name} (" in warning for warning in told), (name, told)


def test_credentials_never_appear(simulator: Simulator, run_tap: Tap) -> None:
    simulator.admin("/faults", {"path": "/v1/units", "kind": "reset", "count": 2})
    token = b64encode(f"{simulator.config['username']}:{simulator.config['password']}".encode())
    for config in (simulator.config, simulator.config | {"subdomain": "outra"}):
        run = run_tap(config, env={"LOGLEVEL": "DEBUG", "TAP_SIENGE_LOGLEVEL": "DEBUG"})
        said = run.stderr + repr(run.messages)
        assert "DEBUG" in run.stderr
        assert simulator.config["password"] not in said
        assert token.decode() not in said
