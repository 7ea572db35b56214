"""BULK answers that Sienge prepares apart: what is wrong with the order, a poll or a chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.simulator import Simulator

    from .conftest import Run

    Read = Callable[..., Run]

ALWAYS = 1_000_000
STREAM, PATH, APART = "bulk_outcome", "/bulk-data/v1/outcome", "/bulk-data/v1/async"
CONFIG = {
    "requests_per_minute": 1_000_000,
    "bulk_requests_per_minute": 1_000_000,
    "max_retries": 1,
    "start_date": "2020-01-01",
    "bulk_mode": "async",
}
ERROR = {"status": 500, "developerMessage": "memória", "errors": []}
POLL, CHUNK = 0, 2
"""Requests in front of the first poll, and of the second chunk."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(
        *("--rows", "bills=30", "--rows", "companies=3", "--bulk-chunk-rows", "40"),
        *("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000", "--bulk-polls", "0"),
    ) as simulator:
        yield simulator


@pytest.fixture
def read(simulator: Simulator, run_tap: Callable[..., Run]) -> Read:
    """Read a resource, with a fault."""

    def read(path: str, kind: str, **more: object) -> Run:
        for kept in ("/faults", "/requests"):
            simulator.admin(kept, method="DELETE")
        simulator.admin("/faults", {"path": path, "kind": kind} | more)
        return run_tap(simulator.config | CONFIG, streams=[STREAM])

    return read


def assert_whole(simulator: Simulator, run: Run) -> None:
    true = {(row["billId"], row["installmentId"]) for row in simulator.truth(STREAM)}
    assert {(row["bill_id"], row["installment_id"]) for row in run.rows[STREAM]} == true
    assert run.log[STREAM]["status"] == "ok"
    assert run.activated == {STREAM}


def assert_failed(run: Run, *words: str) -> None:
    assert run.log[STREAM]["status"] == "failed"
    assert not run.activated
    for word in words:
        assert word in run.log[STREAM]["error"]


@pytest.mark.parametrize("body", [{"data": []}, {"data": None}, []], ids=repr)
def test_none_of_several_chunks_is_empty(simulator: Simulator, read: Read, body: object) -> None:
    run = read(APART, "body", body=body, skip=CHUNK)
    assert "tem uma parte vazia" in run.stderr
    assert_whole(simulator, run)


def test_no_chunk_comes_twice(read: Read) -> None:
    row = {"companyId": 1, "billId": 7, "installmentId": 2}
    run = read(APART, "body", body={"data": [row]}, skip=CHUNK - 1, count=ALWAYS)
    assert "tem partes repetidas" in run.stderr
    assert_failed(run)


@pytest.mark.parametrize("skip", [POLL, CHUNK])
@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": code} for code in (404, 403, 204)]
    + [{"kind": "html", "status": 404}],
    ids=repr,
)
def test_what_is_not_there_any_more_is_no_missing_resource(
    read: Read, skip: int, fault: dict[str, Any]
) -> None:
    run = read(APART, **fault, skip=skip, count=ALWAYS)
    assert_failed(run, "não está mais lá", str(fault["status"]), "bulk_mode: sync")


def test_more_chunks_than_there_are_is_a_failure(read: Read) -> None:
    run = read(PATH, "chunks", set={"chunks": 99})
    assert_failed(run, "não está mais lá (404)")


@pytest.mark.parametrize(
    "around",
    [{"before": {"companyId": 3}}, {"before": {"valid": True, "id": 0}}, {"after": {"errors": []}}],
    ids=repr,
)
def test_only_the_identifier_names_an_answer(
    simulator: Simulator, read: Read, around: dict[str, Any]
) -> None:
    assert_whole(simulator, read(PATH, "wrap", count=ALWAYS, **around))


def test_an_identifier_that_comes_with_an_error_is_none(simulator: Simulator, read: Read) -> None:
    error = {"requestId": "abc-1", "status": 500, "message": "memória"}
    run = read(PATH, "body", body=error, count=ALWAYS)
    assert_failed(run, "memória")
    assert not [request for request in simulator.requests if request["path"].startswith(APART)]


@pytest.mark.parametrize("body", [{}, ERROR, {"status": None}, {"status": " "}, [], 7], ids=repr)
def test_a_poll_that_tells_nothing_is_sent_again(
    simulator: Simulator, read: Read, body: object
) -> None:
    run = read(APART, "body", body=body)
    assert_whole(simulator, run)
    orders = [request for request in simulator.requests if request["path"] == PATH]
    assert len(orders) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"error": {"message": "memória"}}, {"error": ["memória"]}, {"errorMessage": "memória"},
        {"error": [{"message": "memória"}]}, {"errors": [{"message": "memória"}]},
        {"developerMessage": "memória"}, {"errors": ["memória"]},
    ],
    ids=repr,
)  # fmt: skip
def test_why_an_answer_is_not_prepared_is_told_wherever_it_stands(
    read: Read, told: dict[str, Any]
) -> None:
    drop = ["error"] if "error" not in told else []
    run = read(PATH, "job_failed", set=told, drop=drop)
    assert_failed(run, "não conseguiu preparar a resposta (memória); ")


@pytest.mark.parametrize("status", ["Queued", "Failed ", "Finished with errors"])
def test_a_status_without_a_reason_is_named(read: Read, status: str) -> None:
    run = read(PATH, "chunks", set={"status": status})
    assert_failed(run, f"não conseguiu preparar a resposta ({status.strip()}); ")


@pytest.mark.parametrize("status", ["FINISHED", " finished "])
def test_a_status_counts_however_it_is_written(
    simulator: Simulator, read: Read, status: str
) -> None:
    assert_whole(simulator, read(PATH, "chunks", set={"status": status}))


@pytest.mark.parametrize("told", [{"error": "memória"}, {"errors": [{"message": "memória"}]}])
def test_an_answer_that_is_ready_with_an_error_is_not_believed(
    read: Read, told: dict[str, Any]
) -> None:
    run = read(PATH, "chunks", set=told)
    assert_failed(run, "não conseguiu preparar a resposta (memória); ")
