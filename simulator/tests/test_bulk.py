"""Bulk reads: streamed, in the background, and in agreement with what REST answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sienge_simulator.testing import Simulator

DESCRIPTION = """
bulk_things:
  key: id
  rows: [250, 250, 250]
  paths:
    /bulk-data/v1/things:
      shape: data
      wrap: things
      params: {atLeast: {kind: from, by: code, required: true}}
  fields:
    id: {integer: {key: 1}}
    code: {string: {format: "{id:03d}"}}
"""
PATH = "/bulk-data/v1/things"
ASYNC = "/bulk-data/v1/async/"


@pytest.fixture
def bulk(start: Callable[..., Simulator], tmp_path: Path) -> Iterator[Simulator]:
    (tmp_path / "more.yaml").write_text(DESCRIPTION, "utf-8")
    folder = str(tmp_path)
    simulator = start(
        "--resources", folder, "--bulk-chunk-rows", "100", "--bulk-per-minute", "1000"
    )
    yield simulator
    simulator.stop()


def test_a_job_is_polled_and_gives_its_chunks_for_a_day(bulk: Simulator) -> None:
    order = bulk.json(PATH, atLeast="021", _async="true")
    job = ASYNC + order["id"]
    assert order["status"] == "Waiting"
    assert bulk.get(job + "/result/1").status_code == 404
    assert [bulk.json(job)["status"] for _ in range(2)] == ["Waiting", "Processing"]
    assert bulk.json(job) == {"id": order["id"], "status": "Finished", "chunks": 3}
    chunks = [bulk.json(f"{job}/result/{number}")["data"] for number in (1, 2, 3)]
    assert [row["id"] for chunk in chunks for row in chunk] == list(range(21, 251))
    assert [len(chunk) for chunk in chunks] == [100, 100, 30]
    for wrong in (job + "/result/4", job + "/result/0", job + "/x", ASYNC + "other", ASYNC):
        assert bulk.get(wrong).status_code == 404
    assert bulk.admin("/usage")["bulk"] == 13
    assert bulk.get(PATH, _async="true").status_code == 400
    bulk.admin("/clock", {"advance_seconds": 24 * 3600 + 1})
    assert bulk.get(job).status_code == 404


def test_a_job_may_fail(bulk: Simulator) -> None:
    bulk.admin("/faults", {"path": PATH, "kind": "job_failed"})
    job = ASYNC + bulk.json(PATH, atLeast="001", _async="true")["id"]
    assert [bulk.json(job)["status"] for _ in range(3)] == ["Waiting", "Processing", "Failed"]
    assert bulk.get(job + "/result/1").status_code == 404


def test_faults_spoil_streamed_answers(bulk: Simulator) -> None:
    whole = bulk.get(PATH, atLeast="001").text
    assert [row["id"] for row in bulk.json(PATH, atLeast="001")["things"]] == list(range(1, 251))
    for kind in ("truncate", "invalid_json", "empty_list"):
        bulk.admin("/faults", {"path": PATH, "kind": kind})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        bulk.get(PATH, atLeast="001")
    half = bulk.get(PATH, atLeast="001").text
    assert whole.startswith(half)
    assert len(whole) // 3 < len(half) < len(whole)
    assert bulk.json(PATH, atLeast="001") == {"things": []}
    assert bulk.get(PATH, atLeast="001").text == whole


STAGES = {"PROPOSAL": ("0", "1"), "SOLD": ("2",), "CANCELED": ("3",)}


def test_sales_are_the_contracts_of_an_enterprise(plain: Simulator) -> None:
    contracts = {c["id"]: c for c in plain.truth("sales_contracts")}
    truth = plain.truth("bulk_sales")
    assert {row["id"] for row in truth} == contracts.keys()
    enterprise = truth[0]["enterpriseId"]
    period = {"createdAfter": "2020-01-01", "createdBefore": "2039-12-31"}
    for stage, codes in STAGES.items():
        sold = plain.json("/bulk-data/v1/sales", enterpriseId=enterprise, situation=stage, **period)
        assert sold["data"] == [
            row
            for row in truth
            if row["enterpriseId"] == enterprise and contracts[row["id"]]["situation"] in codes
        ]
    for row in truth:
        contract = contracts[row["id"]]
        assert row["value"] == contract["value"]
        assert round(sum(p["totalValue"] for p in row["paymentConditions"]), 2) == row["value"]
        names = [customer["name"] for customer in contract["salesContractCustomers"]]
        assert [customer["name"] for customer in row["customers"]] == names
        assert row["units"][0]["name"] == contract["salesContractUnits"][0]["name"]
    assert plain.get("/bulk-data/v1/sales", enterpriseId=enterprise, **period).status_code == 400


def test_bank_movements_add_up_to_the_statements(plain: Simulator) -> None:
    statements = {s["id"]: s for s in plain.truth("accounts_statements")}
    truth = plain.truth("bulk_bank_movement")
    amounts: dict[int, float] = {}
    for row in truth:
        number = row["bankMovementId"]
        amounts[number] = round(amounts.get(number, 0) + row["bankMovementAmount"], 2)
        assert row["billId"] == statements[number]["billId"]
    assert amounts == {number: s["value"] for number, s in statements.items()}
    assert len(truth) > len(statements)
    assert len({(r["bankMovementId"], r["billId"], r["installmentId"]) for r in truth}) == len(
        truth
    )
    path, year = "/bulk-data/v1/bank-movement", {"startDate": "2023-01-01", "endDate": "2023-12-31"}
    for kind, field in (("", "bankMovementDate"), ("M", "bankMovementDate"), ("b", "billDate")):
        found = plain.json(path, selectionType=kind, **year)["data"]
        assert found == [r for r in truth if (r[field] or "").startswith("2023")]
    some = plain.json(path + "/by-movements", movementsIds="1,3")["data"]
    assert {row["bankMovementId"] for row in some} == {1, 3}
    center = truth[0]["financialCategories"][0]["costCenterId"]
    for row in plain.json(path, costCentersId=center, **year)["data"]:
        assert center in [part["costCenterId"] for part in row["financialCategories"]]


def test_balances_agree_with_the_closing_and_the_entries(plain: Simulator) -> None:
    path, month = "/bulk-data/v1/accountancy/accountBalance", ("2020-01-01", "2039-12-31")
    period = {"startDate": month[0], "endDate": month[1]}
    whole = plain.json(path, **period)["accountancyCompanyAccountBalance"]
    assert whole == plain.truth("bulk_account_balance") == plain.truth("closingaccountancy")
    path = "/bulk-data/v1/accountancy/accountCostCenterBalance"
    rows = plain.json(path, **period)["data"]
    assert rows == plain.truth("bulk_account_cost_center_balance")
    entries = plain.truth("accountancy_entry_generator_entries")
    assert {r["entryId"]: r["debitBalance"] + r["creditBalance"] for r in rows} == {
        e["id"]: e["amount"] for e in entries
    }
