"""Bulk reads: streamed, in the background, and in agreement with what REST answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from sienge_simulator.testing import PERIOD, UNLIMITED

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


@pytest.fixture(scope="module")
def few(start_any: Callable[..., Simulator]) -> Simulator:
    """One without quirks and with few titles."""
    rows = ("--rows", "sales_contracts=80", "--rows", "bills=150")
    return start_any(*UNLIMITED, "--no-quirks", *rows)


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


YEAR = {"startDate": "2023-01-01", "endDate": "2023-12-31"}


def _keyed(rows: list[dict[str, Any]], *fields: str) -> dict[Any, dict[str, Any]]:
    found = {tuple(row[name] for name in fields): row for row in rows}
    assert len(found) == len(rows)
    return found


def _total(rows: list[dict[str, Any]], field: str) -> float:
    return round(sum(row[field] for row in rows), 2)


def test_outcome_has_the_installments_of_the_bills(few: Simulator) -> None:
    truth = _keyed(few.truth("bulk_outcome"), "billId", "installmentId")
    twins = _keyed(few.truth("bills_installments"), "billId", "installmentNumber")
    assert truth.keys() == twins.keys()
    for key, row in truth.items():
        twin = twins[key]
        assert (row["originalAmount"], row["dueDate"]) == (twin["amount"], twin["dueDate"])
        paid = _total(row["payments"], "grossAmount")
        assert round(paid + row["balanceAmount"], 2) == row["originalAmount"]
        assert (paid > 0) == (twin["situation"] != "Não paga")
        assert _total(row["paymentsCategories"], "financialCategoryRate") == 100
    shares = few.rows("/v1/bills/7/budget-categories")
    assert [
        (part["costCenterId"], part["financialCategoryId"])
        for part in truth[7, 1]["paymentsCategories"]
    ] == [(share["costCenterId"], share["paymentCategoriesId"]) for share in shares]
    path = "/bulk-data/v1/outcome"
    needed = {"correctionIndexerId": 1, "correctionDate": "2024-01-01"}
    for kind, field in (("D", "dueDate"), ("I", "issueDate"), ("B", "billDate")):
        rows = few.json(path, selectionType=kind, withAuthorizations="true", **needed, **YEAR)
        assert rows["data"] == [r for r in truth.values() if r[field].startswith("2023")]
    paid_at = few.json(path, selectionType="P", **needed, **YEAR)["data"]
    assert paid_at
    assert all(r["payments"][0]["paymentDate"].startswith("2023") for r in paid_at)
    assert "authorizations" not in paid_at[0]
    assert few.get(path, **YEAR, selectionType="D").status_code == 400
    rows = few.json(path + "/by-bills", billsIds="1,2")["data"]
    assert {row["billId"] for row in rows} == {1, 2}


def test_income_is_what_the_receivable_bills_and_the_titles_say(few: Simulator) -> None:
    truth = _keyed(few.truth("bulk_income"), "billId", "installmentId")
    twins = _keyed(few.truth("receivable_bills_installments"), "receivableBillId", "installmentId")
    assert truth.keys() == twins.keys()
    values: dict[int, float] = {}
    for key, row in truth.items():
        assert row["balanceAmount"] == twins[key]["balanceDue"]
        assert row["dueDate"] == twins[key]["dueDate"]
        received = _total(row["receipts"], "grossAmount")
        assert round(received + row["balanceAmount"], 2) == row["originalAmount"]
        values[row["billId"]] = round(values.get(row["billId"], 0) + row["originalAmount"], 2)
    bills = few.truth("receivable_bills")
    assert values == {bill["receivableBillId"]: bill["receivableBillValue"] for bill in bills}
    year = few.json("/bulk-data/v1/income", selectionType="D", **YEAR)["data"]
    assert year == [row for row in truth.values() if row["dueDate"].startswith("2023")]
    for name, value in (("extract_history", "originalValue"), ("debt_balance", "currentBalance")):
        titles = _keyed(few.truth(f"bulk_customer_{name}"), "billReceivableId")
        assert {key for (key,) in titles} == values.keys()
        for (bill,), title in titles.items():
            for part in title["installments"]:
                row = truth[bill, part["id"]]
                twin = row["originalAmount"] if value == "originalValue" else row["balanceAmount"]
                assert (part[value], part["dueDate"]) == (twin, row["dueDate"])
        path = f"/bulk-data/v1/customer-{name.replace('_', '-')}"
        period = {"startDueDate": "2023-03-01", "endDueDate": "2023-03-31"}
        found = [
            (title["billReceivableId"], part["id"])
            for title in few.json(path, **period)["data"]
            for part in title["installments"]
        ]
        assert sorted(found) == sorted(
            key for key, row in truth.items() if row["dueDate"].startswith("2023-03")
        )


KINDS = {
    *("Pagamento", "Recebimento", "Cancelamento", "Substituição", "Abatimento de Adiantamento"),
    *("Adiantamento", "Por Bens", "Outros", "Estorno", "Distrato", "Reparcelamento", "Devolução"),
}


def test_all_kinds_of_settlement_are_there_and_only_cash_moves_a_bank(shared: Simulator) -> None:
    for resource, parts, way in (("income", "receipts", "E"), ("outcome", "payments", "S")):
        rows = shared.truth(f"bulk_{resource}", limit=4000)
        settlements = [part for row in rows for part in row[parts]]
        assert {part["operationTypeName"] for part in settlements} == KINDS
        for part in settlements:
            reversed_ = part["operationTypeName"] == "Estorno"
            assert (part["netAmount"] < 0) == reversed_
            assert part["operationTypeName"] != "Cancelamento" or not part["bankMovements"]
            for movement in part["bankMovements"]:
                assert movement["amount"] == abs(part["netAmount"])
                assert (movement["operationType"] == way) != reversed_


def test_defaulters_are_the_bills_with_something_overdue(few: Simulator) -> None:
    bills = few.truth("receivable_bills")
    for resource in ("", "_by_aging"):
        rows = few.truth(f"bulk_defaulters_receivable_bills{resource}")
        assert [row["receivableBillId"] for row in rows] == [
            bill["receivableBillId"] for bill in bills if bill["defaulting"]
        ]
        assert all(p["daysOfDelay"] > 0 for r in rows for p in r["defaulterInstallments"])
    path = "/bulk-data/v1/defaulters-receivable-bills"
    for end in ("", "/by-aging"):
        found = few.json(path + end, companyId=1)["data"]
        assert found
        assert all(row["companyId"] == 1 for row in found)
        assert few.get(path + end).status_code == 400


def test_engineering_and_supplies_agree_with_rest(plain: Simulator) -> None:
    period = {"startDate": "2020-01-01", "endDate": "2039-12-31"}
    items = plain.json("/bulk-data/v1/building-cost-estimation-items")["data"]
    keyed = _keyed(items, "buildingId", "versionNumber", "buildingUnitId", "id")
    for twin in plain.truth("building_cost_estimations_sheets_items"):
        key = (twin["buildingId"], 2, twin["building_unit_id"], int(twin["id"]))
        assert keyed[key]["totalPrice"] == twin["totalPrice"]
    assert len(items) == 2 * len(plain.truth("building_cost_estimations_sheets_items"))
    for row in items:
        assert _total(row["pricesByCategory"], "totalPrice") == row["totalPrice"]
    resources = plain.truth("bulk_building_resources")
    _keyed(resources, "buildingId", "id", "detailId", "trademarkId")
    found = plain.json("/bulk-data/v1/building/resources", buildingId=101, **period)["data"]
    assert found == [row for row in resources if row["buildingId"] == 101]
    quotations = plain.json("/bulk-data/v1/purchase-quotations", **period)["data"]
    assert quotations == plain.truth("bulk_purchase_quotations")
    for row, twin in zip(quotations, plain.truth("purchase_quotations"), strict=True):
        suppliers = row["purchaseQuotationSuppliers"]
        assert [s["supplierId"] for s in suppliers] == [s["supplierId"] for s in twin["suppliers"]]
        parts = suppliers[0]["negotiations"][0]
        worth = sum(p["negotiatedQuantity"] * p["unitPrice"] for p in parts["negotiationItems"])
        assert abs(parts["totalValue"] - worth) < 0.01
    path = "/bulk-data/v1/invoice-itens"
    invoices = plain.truth("bulk_invoice_itens")
    for company in {row["companyId"] for row in invoices}:
        own = plain.json(path, companyId=company, showCostCenterId="S", **period)["data"]
        assert [row | {"companyId": company} for row in own] == [
            row for row in invoices if row["companyId"] == company
        ]
    amounts = [item["subtotal"] for item in plain.truth("purchase_invoices_items")]
    assert _total(invoices, "totalItemValue") == round(sum(amounts), 2)


def test_an_installment_changed_is_among_those_changed_since(own: Simulator) -> None:
    today = own.admin("/health")["now"][:10]
    asked = PERIOD | {"selectionType": "D", "changeStartDate": today}
    assert own.json("/bulk-data/v1/income", **asked) == {"data": []}
    own.admin("/change", {"resource": "bulk_income", "update": 2})
    changed = own.json("/bulk-data/v1/income", **asked)["data"]
    assert [row["mainUnit"].endswith(" (alterado 1)") for row in changed] == [True, True]
