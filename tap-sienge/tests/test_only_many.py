"""Many given records (the setting ``only``): looked for in lists first, and what that proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .given_records import FAST, FEW, STREAMS, deletions, paths, read, results, today

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]


@pytest.mark.parametrize(
    "answer",
    [
        {"kind": "status", "status": 204},
        {"kind": "status", "status": 404},
        {"kind": "empty_page"},
    ],
)
def test_an_empty_list_deletes_none_of_the_records_looked_for_in_it(
    start_simulator: Start, run_tap: Tap, answer: dict[str, Any]
) -> None:
    simulator = start_simulator("--rows", "units=60", "--requests-per-minute", "1000000")
    whole = run_tap(simulator.config | FAST, streams=["units"])
    if answer["kind"] == "empty_page":
        empty = {"resultSetMetadata": {"count": 0, "offset": 0, "limit": 200}, "results": []}
        answer = {"kind": "body", "body": empty}
    simulator.admin("/faults", answer | {"path": "/v1/units", "count": 1_000})
    config = simulator.config | FAST | {"only": {"units": [*range(1, 31)]}}
    run = run_tap(config, streams=["units"], state=whole.state)
    assert "removed" not in results(run).values()
    assert run.ids("units") == {*range(1, 31)} or set(results(run).values()) == {"failed"}


def test_the_quota_s_end_postpones_what_is_left(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*FEW)
    run = read(run_tap, simulator, {"customers": [1, 2, 3]}, daily_request_limit=1)
    assert run.code == 0
    assert sorted(results(run).values()) == ["postponed"] * 3
    assert deletions(run) in ([], [("customers", {"id": "1"})])


@pytest.mark.parametrize("stream", ["customers", "units"])
def test_many_records_are_looked_for_in_the_list(
    start_simulator: Start, run_tap: Tap, stream: str
) -> None:
    simulator = start_simulator("--rows", f"{stream}=60", "--requests-per-minute", "1000000")
    whole = run_tap(simulator.config | FAST, streams=STREAMS)
    ids = list(range(1, 41))
    simulator.admin("/change", {"resource": stream, "ids": ids[2:], "update": 38, "set": {}})
    simulator.admin("/change", {"resource": stream, "ids": [7], "delete": 1})
    simulator.admin("/requests", method="DELETE")
    config = simulator.config | FAST | {"only": {stream: ids}}
    run = run_tap(config, streams=STREAMS, state=whole.state)
    asked = [path for path in paths(simulator) if path.count("/") < 4]
    assert asked.count(f"/v1/{stream}") == 1
    assert len(asked) <= 4  # what did not change of late is asked for by its id
    assert run.ids(stream) >= {*ids} - {7}
    assert results(run) == {(stream, str(i)): "removed" if i == 7 else "ok" for i in ids}
    children = {row["customer_id"] for row in run.rows["customers_attachments"]}
    assert children <= {*ids}


LONG_AGO = "2000-01-01"


@pytest.fixture
def tenant(start_simulator: Start) -> Simulator:
    """Give one with sixty bills."""
    return start_simulator("--rows", "bills=60", "--requests-per-minute", "1000000")


def paid(run_tap: Tap, simulator: Simulator, **more: Any) -> Run:  # noqa: ANN401
    """Read forty bills and their installments, as after as many payments."""
    ids = list(range(1, 41))
    simulator.admin("/requests", method="DELETE")
    config = simulator.config | FAST | {"only": {"bills": ids, "bulk_outcome": ids}} | more
    return run_tap(config, streams=["bills", "bulk_outcome"])


def asked_one_by_one(simulator: Simulator) -> set[str]:
    found = (path.removeprefix("/v1/bills/") for path in paths(simulator))
    return {path for path in found if path.isdecimal()}


def test_many_payments_cost_a_few_requests(tenant: Simulator, run_tap: Tap) -> None:
    tenant.admin("/change", {"resource": "bills", "ids": [3, 4], "update": 2})
    since = today(tenant)
    new = {
        str(row["billId"])
        for row in tenant.truth("bulk_outcome")
        if not row["registeredDate"] or row["registeredDate"][:10] >= since
    }
    run = paid(run_tap, tenant, only_since=since)
    assert run.code == 0
    assert run.ids("bills") >= {3, 4}
    assert {row["bill_id"] for row in run.rows["bulk_outcome"]} == {*range(1, 41)}
    assert asked_one_by_one(tenant) <= new
    assert paths(tenant).count("/v1/bills/by-change-date") == 1
    assert {*results(run).values()} == {"ok"}
    deleted = {where["id"] for stream, where in deletions(run) if stream == "bills"}
    assert deleted == {str(one) for one in run.ids("bills")}  # of the others no row is touched


@pytest.mark.parametrize("since", [{}, {"only_since": LONG_AGO}])
def test_bills_are_asked_for_one_by_one_where_more_may_have_changed(
    tenant: Simulator, run_tap: Tap, since: dict[str, str]
) -> None:
    run = paid(run_tap, tenant, **since)
    assert run.ids("bills") >= {*range(1, 41)}
    assert {*results(run).values()} == {"ok"}


def test_all_bills_are_asked_for_where_their_children_are_read(
    tenant: Simulator, run_tap: Tap
) -> None:
    ids = list(range(1, 41))
    config = tenant.config | FAST | {"only_since": today(tenant)}
    run = run_tap(
        config | {"only": {"bills": ids, "bulk_outcome": ids}},
        streams=["bills", "bulk_outcome", "bills_installments"],
    )
    assert run.ids("bills") == {*ids}
    assert {row["bill_id"] for row in run.rows["bills_installments"]} == {*ids}


def test_of_many_bills_those_that_are_gone_are_deleted_with_their_installments(
    tenant: Simulator, run_tap: Tap
) -> None:
    tenant.admin("/change", {"resource": "bills", "ids": [7, 8], "delete": 2})
    run = paid(run_tap, tenant, only_since=today(tenant))
    assert run.code == 0
    gone = {one for one, status in results(run).items() if status == "removed"}
    assert gone == {(stream, bill) for stream in ("bills", "bulk_outcome") for bill in "78"}
    for stream, column in (("bills", "id"), ("bulk_outcome", "bill_id")):
        assert {(stream, {column: bill}) in [*deletions(run)] for bill in "78"} == {True}


@pytest.mark.parametrize(
    "path", ["/v1/bills/by-change-date", "/bulk-data/v1/outcome/by-bills", "/v1/bills"]
)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "html", "status": 404},
        {"kind": "body", "body": {"results": [], "data": []}},
        {"kind": "error_body"},
        {"kind": "status", "status": 204},
    ],
    ids=["500", "gateway", "nothing", "error", "204"],
)
def test_no_untrue_answer_makes_a_bill_pass_for_unchanged_or_gone(
    tenant: Simulator, run_tap: Tap, path: str, fault: dict[str, Any]
) -> None:
    tenant.admin("/change", {"resource": "bills", "ids": [3, 4], "update": 2})
    tenant.admin("/faults", fault | {"path": path, "count": 1_000})
    run = paid(run_tap, tenant, only_since=today(tenant))
    status = results(run)
    assert "removed" not in status.values()
    for bill in (3, 4):
        assert bill in run.ids("bills") or status["bills", str(bill)] == "failed"
    for bill in range(1, 41):
        brought = any(row["bill_id"] == bill for row in run.rows["bulk_outcome"])
        assert brought or ("bulk_outcome", {"bill_id": str(bill)}) not in deletions(run)


def test_at_the_quota_s_end_what_was_not_asked_for_is_postponed(
    tenant: Simulator, run_tap: Tap
) -> None:
    tenant.admin("/change", {"resource": "bills", "ids": [7, 8], "delete": 2})
    run = paid(run_tap, tenant, only_since=today(tenant), daily_request_limit=1)
    status = results(run)
    assert {status["bills", "7"], status["bulk_outcome", "7"]} == {"postponed"}
    assert "removed" not in status.values()
