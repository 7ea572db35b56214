"""BULK answers: at once or prepared apart, whole or broken, and one row for each natural grain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import days_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]
    Start = Callable[..., Simulator]

SIMULATOR = (
    *("--requests-per-minute", "100000", "--bulk-per-minute", "100000"),
    *(
        "--rows",
        "bills=60",
        "--rows",
        "sales_contracts=12",
        "--bulk-chunk-rows",
        "50",
        "--bulk-polls",
        "0",
    ),
)
CONFIG = {
    "requests_per_minute": 100_000,
    "bulk_requests_per_minute": 100_000,
    "max_retries": 1,
    "start_date": "2020-01-01",
}


@pytest.mark.parametrize(("mode", "polls"), [("sync", "0"), ("async", "1"), ("auto", "0")])
def test_every_mode_gives_the_same_rows(
    start_simulator: Start, run_tap: Tap, mode: str, polls: str
) -> None:
    simulator = start_simulator(*SIMULATOR, "--bulk-polls", polls)
    run = run_tap(simulator.config | CONFIG | {"bulk_mode": mode}, streams=["bulk_outcome"])
    assert run.code == 0
    assert run.log["bulk_outcome"]["status"] == "ok"
    true = {(r["billId"], r["installmentId"]) for r in simulator.truth("bulk_outcome")}
    assert {(r["bill_id"], r["installment_id"]) for r in run.rows["bulk_outcome"]} == true
    assert len(true) > 100
    assert run.activated == {"bulk_outcome"}
    paths = [request["path"] for request in simulator.requests]
    chunks = [path for path in paths if "/result/" in path]
    assert len(chunks) == (0 if mode == "sync" else -(-len(true) // 50))
    years = [path for path in paths if path.endswith("/outcome")]
    assert len(years) == (8 if mode == "sync" else 1), "one request a year, or one in all"


def test_only_changes_are_asked_for_at_once(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*SIMULATOR)
    first = run_tap(simulator.config | CONFIG, streams=["bulk_income"])
    changed = simulator.admin("/change", {"resource": "bulk_income", "update": 3})["updated"]
    simulator.admin("/requests", method="DELETE")
    second = run_tap(simulator.config | CONFIG, streams=["bulk_income"], state=first.state)
    (request,) = simulator.requests
    assert "changeStartDate=" in request["query"]
    assert "_async" not in request["query"]
    assert len(changed) <= len(second.rows["bulk_income"]) < len(first.rows["bulk_income"])
    assert second.activated == set()


def test_titles_land_installment_by_installment(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*SIMULATOR)
    name = "bulk_customer_extract_history"
    run = run_tap(simulator.config | CONFIG, streams=[name])
    titles = {title["billReceivableId"]: title for title in simulator.truth(name)}
    true = {
        (number, installment["id"]): installment["originalValue"]
        for number, title in titles.items()
        for installment in title["installments"]
    }
    rows = run.rows[name]
    assert {
        (r["bill_receivable_id"], r["installment_id"]): r["original_value"] for r in rows
    } == true
    for row in rows:
        title = titles[row["bill_receivable_id"]]
        assert row["customer_id"] == title["customer"]["id"]
        assert row["company_id"] == title["company"]["id"]
        assert isinstance(row["receipts"], list)


@pytest.mark.parametrize(
    ("stream", "path", "field", "text"),
    [
        ("bulk_customer_extract_history", "/bulk-data/v1/customer-extract-history",
         "installments", "{0}"),
        ("customer_financial_statements", "/v1/customer-financial-statements",
         "billsReceivable", '{{"installments": {0}}}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("installments", "status"),
    [
        ("[null, {0}, null]", "ok"), ("{0}", "ok"), ('[{0}, "x"]', "incomplete"),
        ("[[{0}]]", "incomplete"), ('{{"0": {0}}}', "incomplete"), ('"x"', "incomplete"),
        ('[{0}, {{"status": 500, "message": "x"}}]', "incomplete"),
    ],
)  # fmt: skip
def test_installments_of_another_shape_are_no_row(
    start_simulator: Start,
    run_tap: Tap,
    stream: str,
    path: str,
    field: str,
    text: str,
    installments: str,
    status: str,
) -> None:
    simulator = start_simulator(*SIMULATOR, "--rows", "customers=4")
    one = '{"id": 77, "installmentId": 77, "dueDate": "2026-01-01"}'
    items = [{field: text.format(installments.format(one))}]
    simulator.admin("/faults", {"path": path, "kind": "replace", "items": items, "count": 1000})
    run = run_tap(simulator.config | CONFIG | {"bulk_mode": "sync"}, streams=[stream, "customers"])
    assert run.log[stream]["status"] == status
    found = [row["installment_id"] for row in run.rows[stream]]
    assert (77 in found) == (status == "ok") == (stream in run.activated)
    assert {row["stream"] for row in run.rows["rejected_rows"]} == {stream} - run.activated
    assert min(found, default=1) > 0, "no row has a calculated key"


def test_each_building_and_each_choice_is_asked_for(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*SIMULATOR)
    run = run_tap(simulator.config | CONFIG, streams=["bulk_sales"])
    assert len(run.rows["bulk_sales"]) == simulator.counts["bulk_sales"]
    asked = [request["query"] for request in simulator.requests if "bulk" in request["path"]]
    assert len(asked) == 3 * simulator.counts["enterprises"]
    assert not [query for query in asked if "_async" in query], "small enough to be asked at once"


@pytest.mark.parametrize("kind", ["truncate", "invalid_json", "html", "empty_body", "reset"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_broken_answer_is_asked_for_again(
    start_simulator: Start, run_tap: Tap, kind: str, mode: str
) -> None:
    simulator = start_simulator(*SIMULATOR)
    path = "/bulk-data/v1/bank-movement" if mode == "sync" else "/bulk-data/v1/async"
    simulator.admin("/faults", {"path": path, "kind": kind, "count": 1, "skip": 2})
    config = simulator.config | CONFIG | {"bulk_mode": mode, "max_retries": 2}
    run = run_tap(config, streams=["bulk_bank_movement"])
    assert run.code == 0
    assert run.log["bulk_bank_movement"]["status"] == "ok"
    keys = {row["_key"] for row in run.rows["bulk_bank_movement"]}
    assert len(keys) == simulator.counts["bulk_bank_movement"]
    assert "nova tentativa" in run.stderr


def test_what_sienge_cannot_prepare_is_told(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*SIMULATOR)
    simulator.admin("/faults", {"path": "/bulk-data/v1/bank-movement", "kind": "job_failed"})
    run = run_tap(simulator.config | CONFIG, streams=["bulk_bank_movement", "companies"])
    assert run.code == 1
    assert "bulk_mode: sync" in run.log["bulk_bank_movement"]["error"]
    assert run.activated == {"companies"}


def test_bulk_has_a_limit_of_its_own(start_simulator: Start, run_tap: Tap) -> None:
    simulator = start_simulator(*SIMULATOR)
    run = run_tap(simulator.config | CONFIG, streams=["bulk_sales", "units"])
    bulk: list[dict[str, Any]] = [r for r in simulator.requests if r["bulk"]]
    assert run.log["bulk_sales"]["requests"] == len(bulk) == simulator.admin("/usage")["bulk"]


def test_a_payment_of_what_was_due_long_ago_is_found_the_next_day(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*SIMULATOR)
    config = simulator.config | CONFIG | {"window_lookback_days": 30}
    first = run_tap(config, streams=["bulk_outcome"])
    old = min(simulator.truth("bulk_outcome"), key=lambda row: str(row["dueDate"]))
    today = simulator.admin("/health")["now"][:10]
    state = days_pass(1, simulator, first.state)
    key = f"{old['companyId']}_{old['billId']}_{old['installmentId']}"
    paid = {"_paymentDate": today, "balanceAmount": 0.5}
    simulator.admin("/change", {"resource": "bulk_outcome", "ids": [key], "update": 1, "set": paid})
    simulator.admin("/requests", method="DELETE")
    second = run_tap(config, streams=["bulk_outcome"], state=state)
    found = [r for r in second.rows["bulk_outcome"] if r["bill_id"] == old["billId"]]
    assert 0.5 in [r["balance_amount"] for r in found]
    passes = [r["query"] for r in simulator.requests if "selectionType=P" in r["query"]]
    assert len(passes) == 1


def test_partly_paid_and_residual_installments_of_defaulters_come(
    start_simulator: Start, run_tap: Tap
) -> None:
    simulator = start_simulator(*SIMULATOR)
    for name in ("bulk_defaulters_receivable_bills", "bulk_defaulters_receivable_bills_by_aging"):
        run = run_tap(simulator.config | CONFIG, streams=[name])
        assert run.log[name]["status"] == "ok"
    asked = [r for r in simulator.requests if r["path"].startswith("/bulk-data/v1/defaulters")]
    queries = [r["query"] for r in asked]
    assert len(queries) > 1
    assert all("includePartiallyPaidInstallments=true" in query for query in queries)
    assert all("includeResidueInstallment=true" in query for query in queries)
