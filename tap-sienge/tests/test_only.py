"""Given records (the setting ``only``): what is asked, what lands, and that no state moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import running_simulator

from .given_records import FAST, FEW, STREAMS, deletions, paths, read, results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(*FEW) as found:
        yield found


def test_a_record_and_its_children_are_asked_for_and_nothing_else(
    simulator: Simulator, run_tap: Tap
) -> None:
    run = read(run_tap, simulator, {"customers": [2, 3], "units": ["4"]})
    assert run.code == 0
    assert run.ids("customers") == {2, 3}
    assert run.ids("units") == {4}
    attached = [f"/v1/customers/{customer}/attachments" for customer in (2, 3)]
    assert paths(simulator) == sorted(
        ["/v1/customers/2", "/v1/customers/3", *attached, "/v1/units/4"]
    )
    assert results(run) == {
        ("customers", "2"): "ok",
        ("customers", "3"): "ok",
        ("units", "4"): "ok",
    }
    assert ("customers_attachments", {"customer_id": "2"}) in deletions(run)
    assert not run.rows["sync_log"]


def test_a_record_looks_as_in_the_list(simulator: Simulator, run_tap: Tap) -> None:
    only = {"customers": [1], "sales_contracts": [1], "units": [1], "bills": [1]}
    one = read(run_tap, simulator, only)
    simulator.admin("/requests", method="DELETE")
    whole = run_tap(simulator.config | FAST, streams=STREAMS)
    for stream in only:
        row = one.rows[stream][0]
        assert row == next(other for other in whole.rows[stream] if other["id"] == 1), stream


def test_installments_are_asked_for_by_the_bills_in_one_request(
    simulator: Simulator, run_tap: Tap
) -> None:
    run = read(run_tap, simulator, {"bulk_outcome": [1, 2, 3]})
    assert paths(simulator) == ["/bulk-data/v1/outcome/by-bills"]
    assert {row["bill_id"] for row in run.rows["bulk_outcome"]} == {1, 2, 3}
    assert ("bulk_outcome", {"bill_id": "2"}) in deletions(run)


def test_grandchildren_are_deleted_with_what_they_belong_to(
    simulator: Simulator, run_tap: Tap
) -> None:
    run = read(run_tap, simulator, {"purchase_orders": [1, 999_999]})
    assert results(run) == {
        ("purchase_orders", "1"): "ok",
        ("purchase_orders", "999999"): "removed",
    }
    for stream in ("purchase_orders_items", "purchase_orders_items_delivery_schedules"):
        for order in ("1", "999999"):
            assert (stream, {"purchase_order_id": order}) in deletions(run)
    assert run.rows["purchase_orders_items_delivery_schedules"]


def test_a_failure_deletes_nothing_of_its_record_and_leaves_the_others(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*FEW)
    fault = {"kind": "status", "status": 500, "count": 1_000}
    simulator.admin("/faults", fault | {"path": "/v1/customers/2/attachments"})
    simulator.admin("/faults", fault | {"path": "/v1/customers/5"})
    run = read(run_tap, simulator, {"customers": [1, 2, 5]})
    assert run.code == 1
    assert results(run) == {
        ("customers", "1"): "ok", ("customers", "2"): "failed", ("customers", "5"): "failed",
    }  # fmt: skip
    assert ("customers_attachments", {"customer_id": "1"}) in deletions(run)
    assert [where["customer_id"] for stream, where in deletions(run) if "attach" in stream] == ["1"]
    assert "5" not in [where.get("id") for _, where in deletions(run)]
    assert all(row["error"] for row in run.rows["record_log"] if row["status"] == "failed")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html", "status": 404},
        {"kind": "body", "body": {"id": 3, "name": "outro"}},
        {"kind": "body", "body": {"status": 404, "developerMessage": "x"}},
        {"kind": "body", "body": []},
        {"kind": "empty_body"},
    ],
    ids=["gateway", "another", "error", "nothing", "empty"],
)
def test_no_answer_but_the_api_s_own_404_deletes(
    start_simulator: Start, run_tap: Tap, fault: dict[str, Any]
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/faults", fault | {"path": "/v1/customers/2", "count": 1_000})
    run = read(run_tap, simulator, {"customers": [2]})
    assert results(run) == {("customers", "2"): "failed"}
    assert deletions(run) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error_body"},
        {"kind": "html", "status": 404},
        {"kind": "body", "body": {"status": 500, "errors": [{"id": 1}]}},
        {"kind": "truncate"},
        {"kind": "status", "status": 204},
        {"kind": "body", "body": {"data": []}},
    ],
    ids=["error", "gateway", "errors", "cut off", "no content", "nothing"],
)
@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("bulk_outcome", "/bulk-data/v1/outcome/by-bills"),
        ("bulk_income", "/bulk-data/v1/income/by-bills"),
    ],
)
def test_no_answer_without_a_bill_deletes_its_installments(
    simulator: Simulator, run_tap: Tap, stream: str, path: str, fault: dict[str, Any]
) -> None:
    simulator.admin("/faults", fault | {"path": path, "count": 1_000})
    config = simulator.config | FAST | {"only": {stream: [1, 2]}}
    try:
        run = run_tap(config, streams=[stream])
    finally:
        simulator.admin("/faults", method="DELETE")
    assert run.code == 1
    assert results(run) == {(stream, "1"): "failed", (stream, "2"): "failed"}
    assert deletions(run) == []


def test_what_an_answer_leaves_out_is_not_deleted(simulator: Simulator, run_tap: Tap) -> None:
    run = read(run_tap, simulator, {"bulk_outcome": [1, 999_999]})
    assert results(run) == {("bulk_outcome", "1"): "ok", ("bulk_outcome", "999999"): "failed"}
    assert [where for _, where in deletions(run)] == [{"bill_id": "1"}]


@pytest.mark.parametrize("answer", [{"kind": "body", "body": {"data": []}}, {}])
def test_a_bill_tells_whether_its_installments_are_gone(
    start_simulator: Start, run_tap: Tap, answer: dict[str, Any]
) -> None:
    simulator = start_simulator(*FEW)
    simulator.admin("/change", {"resource": "bills", "ids": [2], "delete": 1})
    if answer:
        simulator.admin("/faults", answer | {"path": "/bulk-data/v1/outcome/", "count": 1_000})
    only = {"bulk_outcome": [1, 2], "bills": [1, 2]}
    streams = ["bills", "bulk_outcome", "bulk_outcome_by_bills"]
    run = run_tap(simulator.config | FAST | {"only": only}, streams=streams)
    assert run.code == 0
    gone = {(stream, "2"): "removed" for stream in ("bills", "bulk_outcome")}
    assert results(run) == {**gone, ("bills", "1"): "ok", ("bulk_outcome", "1"): "ok"}
    for stream in ("bulk_outcome", "bulk_outcome_by_bills"):
        deleted = [where["bill_id"] for name, where in deletions(run) if name == stream]
        assert sorted(deleted) == (["2"] if answer else ["1", "2"])


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"resultSetMetadata": {"count": 0, "offset": 0, "limit": 200}, "results": []}, "removed"),
        ({"results": []}, "failed"),
        ([], "failed"),
        ({"status": 404, "developerMessage": "x"}, "failed"),
    ],
)
def test_a_filter_deletes_only_what_the_api_counts_as_none(
    simulator: Simulator, run_tap: Tap, answer: object, status: str
) -> None:
    fault = {"kind": "body", "body": answer, "path": "/v1/property-rental", "count": 1_000}
    simulator.admin("/faults", fault)
    try:
        run = read(run_tap, simulator, {"property_rental": [1]})
    finally:
        simulator.admin("/faults", method="DELETE")
    assert results(run) == {("property_rental", "1"): status}
    assert bool(deletions(run)) == (status == "removed")


def test_filters_ask_for_records_that_have_no_path_of_their_own(
    simulator: Simulator, run_tap: Tap
) -> None:
    rental = simulator.truth("property_rental")[0]["contractSeqId"]
    request = simulator.truth("purchase_requests_items")[0]["purchaseRequestId"]
    run = read(
        run_tap, simulator, {"property_rental": [rental], "purchase_requests_items": [request]}
    )
    assert [row["contract_seq_id"] for row in run.rows["property_rental"]] == [rental]
    assert {row["purchase_request_id"] for row in run.rows["purchase_requests_items"]} == {request}
    true = [
        r for r in simulator.truth("purchase_requests_items") if r["purchaseRequestId"] == request
    ]
    assert len(run.rows["purchase_requests_items"]) == len(true)


def test_no_bookmark_moves_and_the_loader_is_told_what_was_landed(
    simulator: Simulator, run_tap: Tap, tmp_path: Path
) -> None:
    whole = run_tap(simulator.config | FAST, streams=STREAMS)
    told = tmp_path / "progress.jsonl"
    config = simulator.config | FAST | {"only": {"customers": [1]}, "progress_file": str(told)}
    run = run_tap(config, streams=STREAMS, state=whole.state)
    assert [m["value"] for m in run.messages if m["type"] == "STATE"] == [whole.state]
    (message,) = [
        m for m in run.messages if m.get("stream") == "customers" and m["type"] == "RECORD"
    ]
    assert message["version"] > whole.state["bookmarks"]["customers"]["version"]
    events = [json.loads(line) for line in told.read_text().splitlines()]
    (event,) = [event for event in events if event["event"] == "only"]
    assert event.items() >= {"stream": "customers", "id": "1", "status": "ok"}.items()


@pytest.mark.parametrize(
    ("only", "says"),
    [
        ({"clientes": [1]}, "não há recurso clientes"),
        ({"customers": ["doze"]}, "esperado id, mas veio 'doze'"),
        ({"customers": [[1, 2]]}, "esperado id, mas veio '1/2'"),
        ({"commissions": [1]}, "informe []"),
        ({"bills": []}, "informe os códigos"),
        ({"customers": 1}, "Configuração only: esperado registros"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_one_sentence(
    simulator: Simulator, run_tap: Tap, only: dict[str, Any], says: str
) -> None:
    run = read(run_tap, simulator, only)
    assert run.code == 1
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert simulator.requests == []


def test_the_option_reads_records_too(simulator: Simulator, run_tap: Tap) -> None:
    config = simulator.config | FAST
    run = run_tap(config, "--only", '{"customers": [4]}', streams=STREAMS)
    assert run.ids("customers") == {4}
    refused = run_tap(config, "--only", '{"customers": [4]', streams=STREAMS)
    assert "Configuração only: esperado registros" in refused.stderr
    assert refused.code == 1


def test_without_a_selected_stream_nothing_is_read_and_no_state_lost(
    simulator: Simulator, run_tap: Tap
) -> None:
    whole = run_tap(simulator.config | FAST, streams=STREAMS)
    config = simulator.config | FAST | {"only": {"creditors": [1]}}
    simulator.admin("/requests", method="DELETE")
    run = run_tap(config, streams=STREAMS, state=whole.state)
    assert run.code == 0
    assert simulator.requests == []
    assert run.state == whole.state


def test_a_stream_that_nobody_selected_is_left_out(simulator: Simulator, run_tap: Tap) -> None:
    run = read(run_tap, simulator, {"creditors": [1], "property_types": []})
    assert "creditors não está selecionado" in run.stderr
    assert results(run) == {("property_types", ""): "ok"}
    assert paths(simulator) == ["/v1/property-types"]
