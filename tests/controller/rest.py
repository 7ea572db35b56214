"""The books of a company that reads no BULK: what REST tells of the same things."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.controller.books import Books
from tests.controller.money import exact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.entries import Record

STATES = {
    "Totalmente paga": "PAID",
    "Cancelada": "CANCELLED",
    "Liberada": "RELEASED",
    "Autorizada": "AWAITING_RELEASE",
    "Aguardando autorização": "AWAITING_AUTHORIZATION",
}


class RestBooks(Books):
    """Books whose records of the BULK are made of those of REST.

    REST tells no correction, discount or tax of an installment, no payments, and of one that is
    partly paid not even the balance; a forecast shows by its name only.
    """

    by_rest = True

    def records(self, name: str) -> list[Record]:
        """Give the true records of a resource, those of the BULK from REST."""
        made = {
            "bulk_income": self._income,
            "bulk_outcome": self._outcome,
            "commissions": self._commissions,
            "bulk_building_cost_estimation_items": self._budget,
        }.get(name)
        if made and name not in self._known:
            self._known[name] = list(made())
        return super().records(name)

    def _below(self, name: str, key: str) -> dict[Any, list[Record]]:
        found: defaultdict[Any, list[Record]] = defaultdict(list)
        for row in self.records(name):
            found[row[key]].append(row)
        return found

    def _documents(self) -> dict[Any, Any]:
        code, name = "documentIdentificationId", "documentIdentificationName"
        rows = [*self._truth("bulk_income"), *self._truth("bulk_outcome")]
        return {row[code]: row[name] for row in rows}

    def _income(self) -> Iterator[Record]:
        documents = self._documents()
        shares = self._below("receivable_bills_budget_categories", "receivableBillId")
        bills = {row["receivableBillId"]: row for row in self.records("receivable_bills")}
        for row in self.records("customer_financial_statements"):
            part = row["billsReceivable"]["installments"]
            bill = bills[row["billReceivableId"]]
            yield {
                "companyId": bill["companyId"],
                "clientId": bill["customerId"],
                "billId": row["billReceivableId"],
                "installmentId": part["installmentId"],
                "documentForecast": "N",
                "documentIdentificationName": documents[bill["documentId"]],
                "issueDate": bill["issueDate"],
                "billDate": None,
                "dueDate": part["dueDate"],
                "originalAmount": part["originalValue"],
                "balanceAmount": part["currentBalance"],
                "correctedBalanceAmount": None,
                "discountAmount": 0,
                "taxAmount": 0,
                "paymentTerm": {"id": part["conditionType"]},
                "receiptsCategories": categories(shares[row["billReceivableId"]]),
                "receipts": [
                    {
                        "operationTypeId": None,
                        "operationTypeName": each["receiptType"],
                        "grossAmount": each["receiptValue"],
                        "netAmount": each["netReceiptValue"],
                        "paymentDate": each["receiptDate"],
                    }
                    for each in part["receipts"]
                ],
            }

    def _outcome(self) -> Iterator[Record]:
        documents = self._documents()
        shares = self._below("bills_budget_categories", "billId")
        works = self._below("bills_buildings_cost", "billId")
        bills = {row["id"]: row for row in self.records("bills")}
        for row in self.records("bills_installments"):
            bill, open_ = bills[row["billId"]], {"Não paga": row["amount"], "Totalmente paga": 0}
            yield {
                "companyId": bill["debtorId"],
                "creditorId": bill["creditorId"],
                "billId": row["billId"],
                "installmentId": row["installmentNumber"],
                "forecastDocument": "N",
                "documentIdentificationName": documents[bill["documentIdentificationId"]],
                "issueDate": bill["issueDate"],
                "billDate": row["billDate"],
                "dueDate": row["dueDate"],
                "originalAmount": row["amount"],
                "balanceAmount": open_.get(row["situation"]),
                "correctedBalanceAmount": None,
                "discountAmount": 0,
                "taxAmount": 0,
                "payments": [],
                "paymentsCategories": categories(shares[row["billId"]]),
                "buildingsCosts": [
                    {
                        "buildingId": each["buildingId"],
                        "buildingUnitId": each["buildingUnitId"],
                        "costEstimationSheetId": str(each["costEstimationSheetId"]),
                        "rate": each["percentage"],
                    }
                    for each in works[row["billId"]]
                ],
            }

    def _commissions(self) -> Iterator[Record]:
        contracts = {row["id"]: row for row in self.records("sales_contracts")}
        for row in self.records("sales_commissions"):
            for each in row["installments"]:
                yield {
                    "brokerID": row["brokerId"],
                    "enterpriseID": contracts[row["contractId"]]["enterpriseId"],
                    "value": each["amount"],
                    "installmentStatus": STATES[each["status"]],
                }

    def _budget(self) -> Iterator[Record]:
        tasks: defaultdict[Any, list[Record]] = defaultdict(list)
        for row in self.records("building_projects_sheets_tasks"):
            planned = [
                {
                    "year": each["year"],
                    "month": each["month"],
                    "value": exact(row["totalPrice"]) * exact(each["plannedPercentage"]) / 100,
                }
                for each in row["plannedExecutions"]
            ]
            tasks[row["buildingId"], row["buildingUnitId"]].append({"Disbursments": planned})
        for row in self.records("building_cost_estimations_sheets_items"):
            place = row["buildingId"], row["building_unit_id"]
            yield {
                "buildingId": place[0],
                "buildingUnitId": place[1],
                "id": row["id"],
                "wbsCode": row["wbsCode"],
                "versionNumber": 1,
                "totalPrice": row["totalPrice"],
                "tasks": tasks.pop(place, []),
            }


def categories(shares: list[Record]) -> list[Record]:
    """Give shares of cost centres and plans as the BULK does."""
    return [
        {
            "costCenterId": each["costCenterId"],
            "financialCategoryId": each["paymentCategoriesId"],
            "financialCategoryRate": each["percentage"],
        }
        for each in shares
    ]
