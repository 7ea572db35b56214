"""Works and supplies: what was asked, ordered, delivered, measured and kept in stock adds up."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sienge_simulator.testing import Simulator

Rows = list[dict[str, Any]]


def _by(rows: Rows, *names: str) -> dict[tuple[Any, ...], Rows]:
    """The rows by some of their fields."""
    found: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return found


def _one(rows: Rows, *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The only row of each of some fields."""
    found = _by(rows, *names)
    assert all(len(group) == 1 for group in found.values()), names
    return {key: group[0] for key, group in found.items()}


CONTRACT = ("documentId", "contractNumber")
BUILDING = (*CONTRACT, "buildingId")
MEASUREMENT = (*BUILDING, "measurementNumber")
KEYS = {
    "building_cost_estimations_sheets": ["buildingId", "id"],
    "building_cost_estimations_sheets_items": ["buildingId", "building_unit_id", "id"],
    "building_cost_estimations_resources": ["buildingId", "id"],
    "building_projects_sheets_tasks": ["buildingId", "buildingUnitId", "id"],
    "construction_daily_report": ["buildingId", "id"],
    "construction_daily_report_types": ["type", "id"],
    "cost_databases_work_items": ["costDatabaseId", "id"],
    "sites": ["buildingId", "id"],
    "work_item_groups": ["buildingTypeId", "workItemGroupCode"],
    "purchase_orders_items": ["purchaseOrderId", "itemNumber"],
    "purchase_orders_attachments": ["purchaseOrderId", "attachmentNumber"],
    "purchase_invoices_items": ["sequentialNumber", "invoiceItemNumber"],
    "purchase_requests_items": ["purchaseRequestId", "itemNumber"],
    "supply_contracts": ["documentId", "contractNumber"],
    "supply_contracts_items": [*BUILDING, "buildingUnitId", "id"],
    "supply_contracts_measurements": [*MEASUREMENT],
    "stock_inventories_items": ["costCenterId", "itemId"],
    "stock_reservations_items": ["reservationId", "itemId"],
}


def test_keys_are_unique_only_within_their_owner(shared: Simulator) -> None:
    for name, key in KEYS.items():
        rows = shared.truth(name)
        assert len(_one(rows, *key)) == len(rows), name
        for part in key:
            rest = [other for other in key if other != part]
            assert len(_by(rows, *rest)) < len(rows), (name, part)


def test_budgets(shared: Simulator) -> None:
    items = _one(
        shared.truth("building_cost_estimations_sheets_items"),
        "buildingId",
        "building_unit_id",
        "id",
    )
    for item in items.values():
        assert item["totalPrice"] == round(item["quantity"] * item["unitPrice"], 2)
        parts = item["pricesByCategory"]
        assert round(sum(p["totalPrice"] for p in parts), 2) == item["totalPrice"]
    resources = {
        (r["buildingId"], r["id"]) for r in shared.truth("building_cost_estimations_resources")
    }
    taken = _by(
        shared.truth("building_cost_estimations_cost_estimate_resources"),
        "buildingId",
        "buildingUnitId",
        "sheetItemId",
    )
    for (building, unit, number), rows in taken.items():
        item = items[building, unit, str(number)]
        assert round(sum(row["totalPrice"] for row in rows), 2) == item["totalPrice"]
        assert {(building, row["id"]) for row in rows} <= resources
    for task in shared.truth("building_projects_sheets_tasks"):
        (part,) = task["costItems"]
        item = items[task["buildingId"], task["buildingUnitId"], part["sheetItemId"]]
        assert task["totalPrice"] == item["totalPrice"]
    for log in shared.truth("building_projects_progress_logs_items"):
        left = log["plannedQuantity"] - log["cumulativeMeasuredQuantity"]
        assert log["measureBalance"] == round(left, 4) >= 0


def test_from_request_to_delivery(shared: Simulator) -> None:
    requests = _one(shared.truth("purchase_requests"), "id")
    asked = _one(shared.truth("purchase_requests_items"), "purchaseRequestId", "itemNumber")
    quotations = _one(shared.truth("purchase_quotations"), "purchaseQuotationId")
    orders = _one(shared.truth("purchase_orders"), "id")
    lines = _by(shared.truth("purchase_orders_items"), "purchaseOrderId")
    item_key = ("purchaseOrderId", "itemNumber")
    met = _one(shared.truth("purchase_orders_items_purchase_requests"), *item_key)
    schedules = _by(shared.truth("purchase_orders_items_delivery_schedules"), *item_key)
    invoices = _one(shared.truth("purchase_invoices"), "sequentialNumber")
    billed = _by(shared.truth("purchase_invoices_items"), "sequentialNumber")
    attended = _by(
        shared.truth("purchase_invoices_deliveries_attended"), "sequentialNumber", "itemNumber"
    )
    totals = _one(shared.truth("purchase_orders_totalization"), "purchaseOrderId")
    assert {o["status"] for o in orders.values()} > {"FULLY_DELIVERED", "PARTIALLY_DELIVERED"}
    ordered: dict[tuple[Any, ...], float] = defaultdict(float)
    for (number,), order in orders.items():
        items = round(sum(i["quantity"] * i["netPrice"] for i in lines[number,]), 2)
        assert totals[number,]["itemsTotalAmount"] == items
        whole = items - order["discount"] + order["increase"] + order["totalFreight"]
        assert order["totalAmount"] == round(whole, 2)
        for item in lines[number,]:
            planned = schedules[number, item["itemNumber"]]
            assert sum(s["sheduledQuantity"] for s in planned) == item["quantity"]
            delivered = sum(s["deliveredQuantity"] for s in planned)
            assert (delivered == item["quantity"]) == (order["status"] == "FULLY_DELIVERED")
            assert (delivered == 0) == (order["status"] in ("PENDING", "CANCELED"))
            for link in item["purchaseQuotations"]:
                first = quotations[link["purchaseQuotationId"],]["suppliers"][0]
                assert first["supplierId"] == order["supplierId"]
            if source := met.get((number, item["itemNumber"])):
                origin = source["purchaseRequestId"], source["purchaseRequestItemId"]
                assert asked[origin]["productId"] == item["resourceId"]
                assert requests[origin[0],]["buildingId"] == order["buildingId"]
                ordered[origin] += source["attendedQuantity"]
    for place, rows in _by(
        shared.truth("purchase_requests_items_delivery_requirements"),
        "purchaseRequestId",
        "purchaseRequestItemNumber",
    ).items():
        assert sum(r["requirementQuantity"] for r in rows) == asked[place]["quantity"]
        assert sum(r["attendedQuantity"] for r in rows) == ordered[place]
    assert {r["status"] for r in requests.values()} > {"PARTIALLY_ATTENDED", "FULLY_ATTENDED"}
    for (number,), invoice in invoices.items():
        rows = billed[number,]
        sums = round(sum(r["quantityDelivery"] * r["netPrice"] for r in rows), 2)
        assert invoice["itemsTotalAmount"] == sums > 0
        for row in rows:
            deliveries = attended[number, row["invoiceItemNumber"]]
            assert sum(d["quantityDelivery"] for d in deliveries) == row["quantityDelivery"]
            order = orders[deliveries[0]["purchaseOrderId"],]
            assert order["supplierId"] == invoice["supplierId"]
            assert order["date"] <= invoice["issueDate"] <= invoice["movementDate"]


def test_contracts_and_measurements(shared: Simulator) -> None:
    contracts = _one(shared.truth("supply_contracts"), *CONTRACT)
    details = _one(shared.truth("supply_contracts_details"), *CONTRACT)
    items = _by(shared.truth("supply_contracts_items"), *CONTRACT)
    buildings = _by(shared.truth("supply_contracts_buildings"), *CONTRACT)
    measurements = shared.truth("supply_contracts_measurements")
    measured = _by(shared.truth("supply_contracts_measurements_items"), *MEASUREMENT)
    for key, contract in contracts.items():
        for field, price in (
            ("totalLaborValue", "laborPrice"),
            ("totalMaterialValue", "materialPrice"),
        ):
            whole = round(sum(i["quantity"] * i[price] for i in items[key]), 2)
            assert contract[field] == details[key][field] == whole
        assert [b["buildingId"] for b in contract["buildings"]] == [
            b["buildingIdView"] for b in buildings[key]
        ]
        done = sum(
            m["totalLaborValue"] for m in measurements if (m[CONTRACT[0]], m[CONTRACT[1]]) == key
        )
        left = details[key]["laborBalance"]
        assert left == round(contract["totalLaborValue"] - done, 2)
        assert (left == 0) == (contract["status"] == "FULLY_MEASURED")
    full = _one(shared.truth("supply_contracts_measurements_details"), *MEASUREMENT)
    for measurement in measurements:
        key = tuple(measurement[name] for name in MEASUREMENT)
        labor = round(sum(i["measuredLaborValue"] for i in measured[key]), 2)
        assert measurement["totalLaborValue"] == full[key]["laborCost"] == labor
        net = full[key]["subtotal"] - full[key]["securityDepositValue"] - full[key]["taxValue"]
        assert measurement["netValue"] == full[key]["netValue"] == round(net, 2)
    addenda = _by(shared.truth("supply_contracts_addenda_items"), *BUILDING, "addendumNumber")
    for addendum in shared.truth("supply_contracts_addenda"):
        rows = addenda[tuple(addendum[n] for n in (*BUILDING, "addendumNumber"))]
        assert addendum["totalLaborValue"] == round(sum(r["laborCostChange"] for r in rows), 2)


@pytest.mark.parametrize("movements", [0, 120, 333])
def test_stocks_are_the_sum_of_their_movements(
    start: Callable[..., Simulator], movements: int
) -> None:
    simulator = start("--rows", f"inventory_movements={movements}")
    balance: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in simulator.truth("inventory_movements"):
        sign = {"E": 1, "S": -1}[row["inputOutput"]]
        balance[row["costCenterId"], row["resourceId"]] += sign * row["movementQuantity"]
    items = _one(simulator.truth("stock_inventories_items"), "costCenterId", "resourceId")
    assert len(balance) == (len(items) if movements else 0)
    for key, item in items.items():
        assert item["quantity"] == balance[key] >= 0
    for key, rows in _by(
        simulator.truth("stock_inventories_items_building_appropriation"),
        "costCenterId",
        "resourceId",
    ).items():
        assert round(sum(row["quantity"] for row in rows), 2) == items[key]["quantity"]


def test_paths_by_owner_and_by_query(shared: Simulator) -> None:
    for order in shared.truth("purchase_orders"):
        path = f"/v1/purchase-orders/{order['id']}/direct-billing"
        linked = order["directBillingDocumentId"] is not None
        assert shared.get(path).status_code == (200 if linked else 404)
    item = shared.truth("supply_contracts_items")[-1]
    query = {name: item[name] for name in (*BUILDING, "buildingUnitId")}
    (only,) = [
        r for r in shared.rows("/v1/supply-contracts/items", **query) if r["id"] == item["id"]
    ]
    assert float(only["quantity"]) == item["quantity"]
    for path in ("/v1/supply-contracts/items", "/v1/supply-contracts", "/v1/sites"):
        assert shared.get(path).status_code == 400, path
    assert (
        shared.get("/v1/supply-contracts", documentId="CT", contractNumber="9").status_code == 404
    )
    assert shared.get("/v1/purchase-invoices/deliveries-attended").status_code == 400
    row = shared.truth("purchase_invoices_deliveries_attended")[-1]
    for name in ("purchaseOrderId", "sequentialNumber"):
        found = shared.rows("/v1/purchase-invoices/deliveries-attended", **{name: row[name]})
        assert {r[name] for r in found} == {row[name]}
    assert shared.get("/v1/purchase-requests/99999").status_code == 404
    assert shared.get("/v1/building-projects/101/progress-logs/9").status_code == 404
    days = [r["requestDate"] for r in shared.truth("purchase_requests")]
    asked = shared.rows("/v1/purchase-requests/all/items", startDate=days[10])
    assert min(r["purchaseRequestId"] for r in asked) <= 11
