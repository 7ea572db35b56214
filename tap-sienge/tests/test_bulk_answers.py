"""BULK as production answers it: wrong, late, in parts, with a quota that others use too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

ALWAYS = 1_000_000
STREAM, PATH = "bulk_outcome", "/bulk-data/v1/outcome"
FEW = (
    *("--rows", "bills=30", "--rows", "companies=3", "--bulk-polls", "0"),
    *("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000"),
)
CONFIG = {
    "requests_per_minute": 1_000_000,
    "bulk_requests_per_minute": 1_000_000,
    "max_retries": 1,
    "start_date": "2020-01-01",
    "bulk_mode": "sync",
}
ERROR = {"status": 500, "developerMessage": "timeout", "errors": [{"field": "x", "message": "y"}]}


def keys(run: Run) -> set[tuple[int, int]]:
    return {(row["bill_id"], row["installment_id"]) for row in run.rows[STREAM]}


def true_keys(simulator: Simulator) -> set[tuple[int, int]]:
    return {(row["billId"], row["installmentId"]) for row in simulator.truth(STREAM)}


def asked(simulator: Simulator, path: str = PATH) -> list[dict[str, Any]]:
    return [request for request in simulator.requests if request["path"].startswith(path)]


def queries(simulator: Simulator) -> list[str]:
    return [request["query"] for request in asked(simulator)]


@pytest.mark.parametrize(
    "body",
    [ERROR, {"errors": [{"billId": 1}]}, {"rows": [{"billId": 1}]}, {"data": {"billId": 1}}, {},
     {"data": [{"billId": 1, "installmentId": 1, "companyId": 1}], **ERROR},
     {**ERROR, "data": [{"billId": 1, "installmentId": 1, "companyId": 1}]}, "texto", 7, None],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_only_the_documented_list_is_data(
    start_simulator: Start, run_tap: Tap, body: object, mode: str
) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"bulk_mode": mode, "max_retries": 0}
    first = run_tap(config, streams=[STREAM])
    assert keys(first) == true_keys(simulator)
    place = PATH if mode == "sync" else "/bulk-data/v1/async"
    fault = {"path": place, "kind": "body", "body": body, "count": ALWAYS, "skip": mode == "async"}
    simulator.admin("/faults", fault)
    state = days_pass(30, simulator, first.state)
    second = run_tap(config, streams=[STREAM, "companies"], state=state)
    assert second.log[STREAM]["status"] == "failed", second.log[STREAM]
    assert second.log["companies"]["status"] == "ok"
    assert second.activated == {"companies"}


@pytest.mark.parametrize("error", [ERROR, {"status": 500, "message": "x"}, {}, {"erro": "x"}])
def test_an_error_within_the_list_is_no_row(
    start_simulator: Start, run_tap: Tap, error: object
) -> None:
    simulator = start_simulator(*FEW)
    fault = {"path": PATH, "kind": "replace", "items": [json.dumps(error)], "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG, streams=[STREAM])
    assert run.log[STREAM]["status"] == "incomplete"
    assert keys(run) < true_keys(simulator)
    assert "não é um registro deste recurso" in {r["reason"] for r in run.rows["rejected_rows"]}
    assert STREAM not in run.activated


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "wrap", "before": {"errors": [], "links": [{"billId": 9}]}},
        {"kind": "wrap", "before": {"total": {"data": [{"billId": 9}]}}, "after": {"ok": True}},
        {"kind": "wrap", "before": {"status": 200, "message": "[}"}},
        {"kind": "bare"},
    ],
    ids=repr,
)
def test_what_stands_around_the_list_does_no_harm(
    start_simulator: Start, run_tap: Tap, fault: dict[str, Any]
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/faults", {"path": PATH, "count": ALWAYS} | fault)
    run = run_tap(simulator.config | CONFIG, streams=[STREAM])
    assert keys(run) == true_keys(simulator)
    assert run.activated == {STREAM}


@pytest.mark.parametrize(
    "told",
    [{"errors": [{"message": "Erro"}]}, {"error": "timeout"}, {"message": "Erro", "code": 500},
     {"success": False}, {"status": "ERROR"}, {"statusCode": "500"}],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("data", [[], None])
def test_an_error_beside_an_empty_list_is_no_empty_period(
    start_simulator: Start, run_tap: Tap, told: dict[str, Any], data: object
) -> None:
    simulator = start_simulator(*FEW)
    body = {"data": data, **told}
    fault = {"path": PATH, "kind": "body", "body": body, "skip": 1, "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG | {"max_retries": 0}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert "resposta de erro" in run.log[STREAM]["error"]
    assert STREAM not in run.activated


ROW = '{"companyId": 1, "billId": 7, "installmentId": 2}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"data": [], "data": [{ROW}]}}',
        f'{{"data": [{ROW}], "data": []}}',
        f'{{"data": [{ROW}], "data": null}}',
        f'{{"data": [{ROW}], "errors": [{{"message": "x"}}]}}',
        f'{{"error": "x", "data": [{ROW}]}}',
        f'{{"Errors": [{{"message": "x"}}], "data": [{ROW}]}}',
        f'{{"data": [{ROW}], "falha": {{"mensagem": "x"}}}}',
        f'{{"data": [{ROW}], "exception": "x"}}',
    ],
)
def test_an_answer_with_two_lists_or_an_error_is_not_all(
    start_simulator: Start, run_tap: Tap, text: str
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/faults", {"path": PATH, "kind": "body", "text": text, "count": ALWAYS})
    run = run_tap(simulator.config | CONFIG | {"max_retries": 0}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert not run.activated


def test_a_byte_order_mark_does_no_harm(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    text = '{"data": [{"companyId": 1, "billId": 7, "installmentId": 2}]}'
    fault = {"path": PATH, "kind": "body", "text": text, "encoding": "utf-8-sig", "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG, streams=[STREAM])
    assert keys(run) == {(7, 2)}
    assert run.activated == {STREAM}


@pytest.mark.parametrize("chunks", ["3", 3, "3.0"])
def test_all_chunks_are_read(start_simulator: Start, run_tap: Tap, chunks: object) -> None:
    simulator = start_simulator(*FEW)
    true = true_keys(simulator)
    size = -(-len(true) // 3)
    simulator = start_simulator(*FEW, "--bulk-chunk-rows", str(size))
    fault = {"path": PATH, "kind": "chunks", "set": {"chunks": chunks}, "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG | {"bulk_mode": "async"}, streams=[STREAM])
    assert keys(run) == true
    assert len([r for r in asked(simulator, "/bulk-data/v1/async") if "result" in r["path"]]) == 3


@pytest.mark.parametrize("chunks", ["três", None, -1, [], {}, "", 10**9, 1.5])
def test_a_number_of_chunks_that_cannot_be_read_is_a_failure(
    start_simulator: Start, run_tap: Tap, chunks: object
) -> None:
    simulator = start_simulator(*FEW)
    fault = {"path": PATH, "kind": "chunks", "set": {"chunks": chunks}, "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG | {"bulk_mode": "async"}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert "em quantas partes" in run.log[STREAM]["error"]
    assert not run.activated


def test_why_sienge_could_not_prepare_an_answer_is_told(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    fault = {"path": PATH, "kind": "job_failed", "error": "memória esgotada", "count": ALWAYS}
    simulator.admin("/faults", fault)
    run = run_tap(simulator.config | CONFIG | {"bulk_mode": "async"}, streams=[STREAM])
    assert "memória esgotada" in run.log[STREAM]["error"]
    orders = asked(simulator)
    assert all("_asyncChunkMaxSize=4096" in order["query"] for order in orders)


def test_an_empty_period_is_no_missing_resource(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    config = simulator.config | CONFIG | {"start_date": "1990-01-01"}
    run = run_tap(config, streams=[STREAM])
    assert 404 in {request["status"] for request in asked(simulator)}
    assert run.log[STREAM]["status"] == "ok"
    assert run.activated == {STREAM}
    for other in ({"kind": "html"}, {"kind": "body", "body": {"message": "no Route matched"}}):
        simulator.admin("/faults", method="DELETE")
        simulator.admin("/faults", {"path": PATH, "status": 404, "count": ALWAYS} | other)
        missing = run_tap(config, streams=[STREAM, "companies"])
        assert missing.log[STREAM]["status"] == "skipped"
        assert "não foi contratado" in missing.log[STREAM]["error"]


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_what_does_not_come_in_time_is_asked_for_in_parts(
    start_simulator: Start, run_tap: Tap, kind: str
) -> None:
    simulator = start_simulator(*FEW)
    slow = {"path": PATH, "kind": kind, "pause_ms": 5000, "blocks": 2, "count": 1}
    simulator.admin("/faults", slow | {"query": {"startDate": "2021-01-01"}})
    run = run_tap(simulator.config | CONFIG | {"bulk_timeout": 1}, streams=[STREAM])
    assert keys(run) == true_keys(simulator)
    assert run.activated == {STREAM}
    year = [r["query"] for r in asked(simulator) if "=2021-" in r["query"]]
    assert len(year) == 3, "the year, and its halves"


def test_a_long_period_that_does_not_come_is_asked_for_year_by_year_and_ends(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/faults", {"path": PATH, "kind": "hang", "count": ALWAYS})
    config = simulator.config | CONFIG | {"bulk_timeout": 1, "bulk_mode": "async"}
    run = run_tap(config | {"start_date": "2026-01-01"}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    assert "não respondeu a tempo" in run.log[STREAM]["error"]
    assert len(asked(simulator)) <= 8, "halves of the first part only, the shortest once more"


def test_after_periods_of_which_nothing_comes_no_more_are_asked_for(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/faults", {"path": PATH, "kind": "hang", "count": ALWAYS})
    run = run_tap(simulator.config | CONFIG | {"bulk_timeout": 1}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "failed"
    years = {query[query.index("startDate=") :][10:14] for query in queries(simulator)}
    assert years == {"2020", "2021"}
    simulator.admin("/faults", method="DELETE")
    again = run_tap(simulator.config | CONFIG, streams=[STREAM], state=run.state)
    assert keys(again) == true_keys(simulator)
    assert again.log[STREAM]["status"] == "ok"


def test_a_slow_answer_is_one_request(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    slow = {"path": PATH, "kind": "drip", "pause_ms": 400, "blocks": 8, "count": ALWAYS}
    simulator.admin("/faults", slow | {"query": {"startDate": "2021-01-01"}})
    run = run_tap(simulator.config | CONFIG | {"bulk_timeout": 2}, streams=[STREAM])
    assert keys(run) == true_keys(simulator)
    assert len([r for r in asked(simulator) if "startDate=2021-01-01" in r["query"]]) == 1


def test_what_others_used_of_the_quota_is_left_alone(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW, "--plan", "special")  # 50 BULK requests a day
    simulator.admin("/usage", {"bulk": 46})
    run = run_tap(simulator.config | CONFIG | {"max_connections": 1}, streams=[STREAM])
    assert run.log[STREAM]["status"] == "postponed"
    assert 429 not in {request["status"] for request in asked(simulator)}
    assert len(asked(simulator)) == 4
    again = run_tap(simulator.config | CONFIG, streams=[STREAM], state=run.state)
    assert again.log[STREAM]["status"] == "postponed"
    assert len(asked(simulator)) == 4
