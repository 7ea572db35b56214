"""What real integrations see and the documents do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sienge_simulator.testing import PERIOD, UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable

    from sienge_simulator.testing import Json, Simulator

INCOME = "/bulk-data/v1/income"
DUE: dict[str, Json] = PERIOD | {"selectionType": "D"}


def test_an_empty_period_and_a_missing_route(shared: Simulator) -> None:
    nothing = shared.get(INCOME, selectionType="D", startDate="1990-01-01", endDate="1990-12-31")
    assert nothing.status_code == nothing.json()["status"] == 404
    for path in ("/bulk-data/v1/outgo", "/v1/clients"):
        missing = shared.get(path)
        assert missing.status_code == 404
        assert missing.headers["Content-Type"].startswith("text/html")


def test_others_use_the_quota_of_bulk_too(start: Callable[..., Simulator]) -> None:
    simulator = start("--plan", "start")

    def left() -> Json:
        answer = simulator.get("/bulk-data/v1/sales")
        assert answer.headers["x-ratelimit-limit-day"] == "20"
        return answer.status_code, answer.headers["x-ratelimit-remaining-day"]

    assert [left(), left()] == [(400, "19"), (400, "18")]
    assert simulator.admin("/usage", {"bulk": 17, "rest": 5})["bulk"] == 19
    assert [left(), left()] == [(400, "0"), (429, "0")]
    assert simulator.admin("/usage")["rest"] == 5
    assert "x-ratelimit-limit-day" not in simulator.get("/v1/companies").headers


def test_who_insists_waits_for_hours(start: Callable[..., Simulator]) -> None:
    simulator = start("--bulk-per-minute", "1")

    def waits(times: int) -> list[int]:
        answers = [simulator.get("/bulk-data/v1/sales") for _ in range(times)]
        return [int(answer.headers.get("Retry-After", 0)) for answer in answers]

    assert all(wait <= 60 for wait in waits(6))
    assert waits(6) == [8_000, 16_000, 24_000, 32_000, 32_400, 32_400]
    simulator.admin("/clock", {"advance_seconds": 32_399})
    assert waits(1) == [32_400]
    simulator.admin("/clock", {"advance_seconds": 32_401})
    assert waits(2)[0] == 0


def test_buildings_of_contracts_have_another_id_inside(shared: Simulator) -> None:
    contracts = {
        (c["documentId"], c["contractNumber"]): c for c in shared.truth("supply_contracts")
    }
    contract = next(iter(contracts.values()))
    keys = {name: contract[name] for name in ("documentId", "contractNumber")}
    (site, *_) = shared.json("/v1/supply-contracts/buildings", **keys)["results"]
    assert {"buildingID", "buildingIdView", "costCenterID", "departmentID"} < site.keys()
    assert site["buildingID"] != site["buildingIdView"]
    assert site["costCenterID"] != site["costCenterIdView"]
    assert {unit["status"] for unit in site["constructUnits"]} == {"RELEASED"}
    inside, shown = site["buildingID"], site["buildingIdView"]
    for path in ("/items", "/measurements/items", "/addenda/items"):
        asked = keys | {"buildingUnitId": 1, "measurementNumber": 1, "addendumNumber": 1}
        assert (
            shared.get(f"/v1/supply-contracts{path}", **asked, buildingId=inside).status_code == 404
        )
    items = shared.json("/v1/supply-contracts/items", **keys, buildingId=shown, buildingUnitId=1)
    assert len(items["results"]) == 2
    period = {"contractStartDate": "2020-01-01", "contractEndDate": "2039-12-31"}
    for number, ours in ((shown, True), (inside, False)):
        found = shared.rows("/v1/supply-contracts/all", **period, buildingId=number)
        assert found
        numbers = [(c["documentId"].strip(), c["contractNumber"]) for c in found]
        assert ((keys["documentId"], keys["contractNumber"]) in numbers) == ours


@pytest.mark.parametrize(("path", "pair"), [
    ("/v1/purchase-invoices/1/items", "buildingId"), ("/v1/price-tables", "enterpriseId"),
])  # fmt: skip
def test_codes_shown_differ_from_ids(shared: Simulator, path: str, pair: str) -> None:
    rows = shared.json(path)["results"]
    assert rows
    assert not [row for row in rows if row[pair] == row[pair + "View"]]


def test_filters_of_contracts_are_letters(shared: Simulator) -> None:
    path = "/v1/supply-contracts/all"
    period = {"contractStartDate": "2020-01-01", "contractEndDate": "2039-12-31"}
    everything = shared.rows(path, **period)
    assert shared.rows(path, **period, statusApproval="DISAPPROVED") == everything
    assert len(shared.rows(path, **period, statusApproval="D")) < len(everything)
    assert shared.rows(path, **period, consistency="N") == []
    inconsistent = shared.rows(path, **period, consistency="I")
    assert inconsistent == [row for row in everything if not row["consistent"]]


def test_some_overdue_installments_are_told_only_if_asked(plain: Simulator) -> None:
    path = "/bulk-data/v1/defaulters-receivable-bills"

    def numbers(**flags: Json) -> set[tuple[int, int]]:
        rows = plain.json(path, companyId=1, **flags)["data"]
        return {
            (row["receivableBillId"], part["installmentId"])
            for row in rows
            for part in row["defaulterInstallments"]
        }

    every = {"includePartiallyPaidInstallments": "true", "includeResidueInstallment": "true"}
    truth = {
        (row["receivableBillId"], part["installmentId"])
        for row in plain.truth("bulk_defaulters_receivable_bills")
        if row["companyId"] == 1
        for part in row["defaulterInstallments"]
    }
    assert numbers(**every) == truth
    partly = numbers(includePartiallyPaidInstallments="true")
    assert numbers() < partly < truth
    received = {
        (row["billId"], row["installmentId"])
        for row in plain.truth("bulk_income")
        if row["receipts"]
    }
    assert partly & received
    assert not numbers() & received


def test_a_request_is_attended_and_its_items_do_not_change(own: Simulator) -> None:
    path = "/v1/purchase-requests/all/items"
    pending = own.rows(path, purchaseRequestStatus="PENDING")
    number = pending[0]["purchaseRequestId"]
    before = own.rows(path)
    change = {"resource": "purchase_requests", "ids": [number], "set": {"status": "CANCELED"}}
    own.admin("/change", change)
    assert own.json(f"/v1/purchase-requests/{number}")["status"] == "CANCELED"
    assert own.rows(path) == before
    assert number in {
        r["purchaseRequestId"] for r in own.rows(path, purchaseRequestStatus="CANCELED")
    }
    assert number not in {
        r["purchaseRequestId"] for r in own.rows(path, purchaseRequestStatus="PENDING")
    }


DETAILS = {
    "supply_contracts_details": ("supply_contracts", {"laborBalance": 1.5}),
    "supply_contracts_measurements_clearing": (
        "supply_contracts_measurements", {"isFinished": True, "downPaymentValue": 7.5}),
    "purchase_orders_items_delivery_schedules": (
        "purchase_orders_items", {"deliveredQuantity": 1.5}),
    "stock_inventories_items_building_appropriation": (
        "stock_inventories_items", {"quantity": 1.5}),
    "purchase_orders_totalization": ("purchase_orders", {"itemsTotalAmount": 1.5}),
}  # fmt: skip


@pytest.mark.parametrize("resource", DETAILS)
def test_details_change_without_their_row(own: Simulator, resource: str) -> None:
    listed, values = DETAILS[resource]
    before, details = own.truth(listed), own.truth(resource)
    own.admin("/change", {"resource": resource, "update": 1, "set": values})
    assert own.truth(listed) == before
    changed = [
        n for n, (a, b) in enumerate(zip(details, own.truth(resource), strict=True)) if a != b
    ]
    assert len(changed) == 1
    assert own.truth(resource)[changed[0]] == details[changed[0]] | values


def test_a_child_is_named_by_the_keys_that_lead_to_it(own: Simulator) -> None:
    number = own.truth("supply_contracts", limit=3)[2]
    keys = [number["documentId"], number["contractNumber"]]
    own.admin(
        "/change",
        {"resource": "supply_contracts_details", "ids": [keys], "set": {"laborBalance": 3.25}},
    )
    asked = dict(zip(("documentId", "contractNumber"), keys, strict=True))
    assert own.json("/v1/supply-contracts", **asked)["laborBalance"] == 3.25


def test_an_old_installment_is_paid_today(own: Simulator) -> None:
    path, today = "/bulk-data/v1/outcome", own.admin("/health")["now"][:10]
    asked = {"correctionIndexerId": 0, "correctionDate": today, "selectionType": "P"}
    old = next(r for r in own.truth("bulk_outcome") if r["balanceAmount"] and r["dueDate"] < today)
    payments = [{"paymentDate": today, "netAmount": old["balanceAmount"]}]
    change = {"payments": payments, "balanceAmount": 0, "_paymentDate": today}
    key = "_".join(str(old[name]) for name in ("companyId", "billId", "installmentId"))
    own.admin("/change", {"resource": "bulk_outcome", "ids": [key], "set": change})
    (paid,) = own.json(path, startDate=today, endDate=today, **asked)["data"]
    assert (paid["billId"], paid["installmentId"]) == (old["billId"], old["installmentId"])
    assert paid["payments"] == payments
    by_bill = own.json(path + "/by-bills", billsIds=old["billId"])["data"]
    again = {row["installmentId"]: row["payments"] for row in by_bill}
    assert again[old["installmentId"]] == payments


def test_a_thousand_bills_at_once_and_no_more(shared: Simulator) -> None:
    ids = {row["billId"] for row in shared.truth("bulk_income", limit=3000)}
    asked = [str(number) for number in sorted(ids)]
    rows = shared.json(INCOME + "/by-bills", billsIds=",".join(asked))["data"]
    assert {row["billId"] for row in rows} == ids
    many = ",".join(map(str, range(1, 1002)))
    assert shared.get(INCOME + "/by-bills", billsIds=many).status_code == 400


def test_an_api_user_may_be_refused_at_one_resource(start: Callable[..., Simulator]) -> None:
    simulator = start(*UNLIMITED)
    simulator.admin("/permissions", {"/v1/creditors": 401, "/v1/units": 404})
    assert simulator.get("/v1/creditors").json()["status"] == 401
    assert simulator.get("/v1/units").headers["Content-Type"].startswith("text/html")
    assert simulator.get("/v1/companies").status_code == 200
