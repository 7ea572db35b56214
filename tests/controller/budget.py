"""What a work is to cost, what is committed and measured, and what it did cost."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.controller.entries import month
from tests.controller.money import cents, exact, split, sums, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.entries import Record
    from tests.controller.money import Key, Sums


class Work:
    """The budget of the works, and which item of it each document means."""

    def __init__(self, books: Books) -> None:
        rows = books.records("bulk_building_cost_estimation_items")
        last: dict[Key, int] = {}
        for row in rows:
            place = row["buildingId"], row["buildingUnitId"]
            last[place] = max(last.get(place, 0), row["versionNumber"])
        self.items = {
            (row["buildingId"], row["buildingUnitId"], str(row["id"])): row
            for row in rows
            if row["versionNumber"] == last[row["buildingId"], row["buildingUnitId"]]
        }
        self.references: dict[Key, str] = {}
        for (work, unit, item), row in sorted(self.items.items(), reverse=True):
            self.references[work, unit, row["wbsCode"]] = item

    def item(self, work: int, unit: int | None, told: str | None) -> Key:
        """Give the place of an item that a document tells by its code or its reference."""
        if told is None:
            return work, unit, "Sem item"
        return work, unit, self.references.get((work, unit, told), told)


def costs(books: Books) -> Iterator[tuple[Key, str | None, bool, Decimal, Decimal]]:
    """Give what bills cost each item: its place, the month, whether forecast, cost and payment.

    What was cancelled, or replaced by another bill, is no cost.
    """
    budget = Work(books)
    for part in books.payable:
        for work, unit, item, rate in part.works:
            yield (
                budget.item(work, unit, item),
                month(part.accrued),
                part.forecast,
                part.effective * rate / 100,
                part.cash * rate / 100,
            )


def measured_value(row: Record) -> Decimal:
    """Give labour and material of a measurement or a contract."""
    return cents(row["totalLaborValue"]) + cents(row["totalMaterialValue"])


def not_refused(books: Books) -> list[Record]:
    """Give the measurements of contracts that nobody refused."""
    rows = books.records("supply_contracts_measurements")
    return [row for row in rows if row["statusApproval"] != "DISAPPROVED"]


def commitments(books: Books) -> Iterator[tuple[str, str, Key, Decimal]]:
    """Give what contracts, measurements and open orders put on each item of the budget.

    Each with its kind, its document and the place of the item.
    """
    budget = Work(books)
    contracts = {
        (row["documentId"], row["contractNumber"]): row for row in books.records("supply_contracts")
    }
    for row in books.records("supply_contracts_items"):
        contract = contracts[row["documentId"], row["contractNumber"]]
        if contract["status"] == "RESCINDED" or contract["statusApproval"] == "DISAPPROVED":
            continue
        value = cents(exact(row["quantity"]) * exact(row["laborPrice"])) + cents(
            exact(row["quantity"]) * exact(row["materialPrice"])
        )
        kind = "contracted" if contract["isAuthorized"] else "waiting"
        for share in row["buildingAppropriations"]:
            place = budget.item(
                row["buildingId"], share["buildingUnitId"], str(share["sheetItemId"])
            )
            yield kind, row["contractNumber"], place, value * exact(share["percentage"]) / 100
    good = {measurement_key(row) for row in not_refused(books)}
    for row in books.records("supply_contracts_measurements_items"):
        if measurement_key(row) in good:
            contract = contracts[row["documentId"], row["contractNumber"]]
            value = cents(row["measuredLaborValue"]) + cents(row["measuredMaterialValue"])
            place = budget.item(row["buildingId"], row["buildingUnitId"], str(row["itemId"]))
            yield "measured", row["contractNumber"], place, value
            # Of a rescinded contract, only what was measured is left.
            if contract["status"] == "RESCINDED":
                yield "contracted", row["contractNumber"], place, value
    yield from open_orders(books, budget)


def measurement_key(row: Record) -> Key:
    """Give what tells a measurement from the others."""
    return tuple(
        row[name] for name in ("documentId", "contractNumber", "buildingId", "measurementNumber")
    )


def open_orders(books: Books, budget: Work) -> Iterator[tuple[str, str, Key, Decimal]]:
    """Give what is still to be delivered of each order, on the items it is for."""
    shares: defaultdict[Key, list[Record]] = defaultdict(list)
    for row in books.records("purchase_orders_items_buildings_appropriations"):
        shares[row["purchaseOrderId"], row["itemNumber"]].append(row)
    delivered: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for row in books.records("purchase_invoices_deliveries_attended"):
        key = row["purchaseOrderId"], row["purchaseOrderItemNumber"]
        delivered[key] += exact(row["quantityDelivery"])
    items: defaultdict[int, list[Record]] = defaultdict(list)
    for row in books.records("purchase_orders_items"):
        items[row["purchaseOrderId"]].append(row)
    for order in books.records("purchase_orders"):
        if order["status"] not in {"PENDING", "PARTIALLY_DELIVERED"}:
            continue
        if not order["authorized"] and order["disapproved"]:
            continue
        kind = "ordered" if order["authorized"] else "waiting"
        values = [
            (None, row, cents(exact(row["quantity"]) * exact(row["netPrice"])))
            for row in sorted(items[order["id"]], key=lambda row: row["itemNumber"])
        ]
        worth = total(value for _, _, value in values)
        for _, row, value in split(cents(order["totalAmount"]), values, worth):
            key = order["id"], row["itemNumber"]
            left = value * (1 - min(delivered[key] / exact(row["quantity"]), Decimal(1)))
            for share in shares[key]:
                place = budget.item(
                    order["buildingId"],
                    share["buildingUnitId"],
                    share["costEstimationItemReference"],
                )
                yield kind, str(order["id"]), place, left * exact(share["percentage"]) / 100


def planned(books: Books) -> Iterator[tuple[Key, Decimal]]:
    """Give what the last version of the budget plans to spend of each work in each month."""
    for (work, _, _), row in Work(books).items.items():
        for task in row["tasks"]:
            for each in task["Disbursments"]:
                day = f"{each['year']:04d}-{each['month']:02d}-01"
                yield (work, day), exact(each["value"])


def logged(books: Books) -> Iterator[tuple[Key, Decimal]]:
    """Give what approved progress logs measured of each work in each month."""
    logs = {
        (row["buildingId"], row["measurementNumber"]): row["date"]
        for row in books.records("building_projects_progress_logs")
        if row["statusApproval"] == "APROVADA"
    }
    for row in books.records("building_projects_progress_logs_items"):
        key = row["buildingId"], row["measurementNumber"]
        if key in logs and not row["summary"]:
            value = exact(row["measuredQuantity"]) * exact(row["unitPrice"])
            yield (row["buildingId"], month(logs[key])), value


def monthly_costs(books: Books) -> Sums:
    """Give what each work cost in each month, forecasts left out."""
    return sums(
        ((place[0], when), (cost,))
        for place, when, forecast, cost, _ in costs(books)
        if not forecast
    )
