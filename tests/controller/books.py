"""The simulator's true records, in the words of an accountant."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.controller.entries import Installment, Movement, in_goods, plain, settlements
from tests.controller.money import cents, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.controller.entries import Record


class Books:
    """What the simulator holds, of the tables that were landed."""

    by_rest = False
    """Whether the company reads no BULK: ``tests.controller.rest``."""

    def __init__(self, truth: Callable[[str], list[Record]], landed: Collection[str]) -> None:
        self._truth, self.landed = truth, landed
        self._known: dict[str, list[Record]] = {}
        self.today = datetime.now(ZoneInfo("America/Sao_Paulo")).date().isoformat()

    def records(self, name: str) -> list[Record]:
        """Give the true records of a resource."""
        if name not in self._known:
            self._known[name] = self._truth(name)
        return self._known[name]

    @property
    def day(self) -> date:
        """Today in São Paulo."""
        return date.fromisoformat(self.today)

    def names(self, resource: str, key: str = "id", name: str = "name") -> dict[Any, Any]:
        """Give the names of a register by code."""
        return {record[key]: record[name] for record in self.records(resource)}

    @cached_property
    def contracts_of_bills(self) -> dict[int, Record]:
        """The sales contract of each receivable bill: the one whose number it has."""
        contracts = {row["number"]: row for row in self.records("sales_contracts")}
        return {
            bill["receivableBillId"]: contracts[number]
            for bill in self.records("receivable_bills")
            if (number := bill["documentNumber"].removesuffix("-A")) in contracts
        }

    @cached_property
    def receivable(self) -> list[Installment]:
        """Every receivable installment."""
        return [self._installment("Receber", row) for row in self.records("bulk_income")]

    @cached_property
    def payable(self) -> list[Installment]:
        """Every payable installment."""
        return [self._installment("Pagar", row) for row in self.records("bulk_outcome")]

    @property
    def installments(self) -> list[Installment]:
        """All of them."""
        return self.receivable + self.payable

    def _installment(self, side: str, row: Record) -> Installment:
        term = row.get("paymentTerm") or {}
        swap = term.get("id") == "PE" or in_goods(term.get("descrition"))
        contract = self.contracts_of_bills.get(row["billId"], {}) if side == "Receber" else {}
        flag = row.get("documentForecast", row.get("forecastDocument"))
        name = plain(row["documentIdentificationName"])
        shares = row.get("receiptsCategories", row.get("paymentsCategories")) or []
        return Installment(
            side=side,
            company=row["companyId"],
            bill=row["billId"],
            number=row["installmentId"],
            party=row.get("clientId", row.get("creditorId")),
            forecast=flag == "S" or name.startswith("previsao"),
            swap=swap,
            issued=row["issueDate"],
            accrued=row["billDate"] or row["issueDate"] or row["dueDate"],
            due=row["dueDate"],
            original=cents(row["originalAmount"]),
            open=None if row["balanceAmount"] is None else cents(row["balanceAmount"]),
            corrected=cents(
                row["balanceAmount"]
                if row["correctedBalanceAmount"] is None
                else row["correctedBalanceAmount"]
            ),
            discount=cents(row["discountAmount"]),
            tax=cents(row["taxAmount"]),
            settlements=settlements(
                side, row.get("receipts", row.get("payments")) or [], swap=swap
            ),
            shares=tuple(
                (
                    s["costCenterId"],
                    int(s["financialCategoryId"]),
                    exact(s["financialCategoryRate"]),
                )
                for s in shares
            ),
            works=tuple(
                (w["buildingId"], w["buildingUnitId"], w["costEstimationSheetId"], exact(w["rate"]))
                for w in row.get("buildingsCosts") or []
            ),
            work=contract.get("enterpriseId"),
            authorized=None if (told := row.get("authorizationStatus")) is None else told == "S",
            today=self.today,
        )

    @cached_property
    def movements(self) -> list[Movement]:
        """Every bank movement: of the BULK where it was landed."""
        if "bulk_bank_movement" in self.landed:
            return [
                self._movement(
                    (row["bankMovementId"], row["bankMovementDate"], row["accountNumber"]),
                    row,
                    row["bankMovementOperationType"],
                    row["bankMovementAmount"],
                    (row["bankMovementOperationName"], row["bankMovementHistoricName"]),
                    [
                        (s["costCenterId"], s["financialCategoryId"], s["financialCategoryRate"])
                        for s in row["financialCategories"]
                    ],
                )
                for row in self.records("bulk_bank_movement")
            ]
        return [
            self._movement(
                (row["id"], row["date"], row["bankAccountId"]),
                row,
                row["type"],
                row["value"],
                (row["statementType"],),
                [
                    (s["costCenterId"], s["paymentCategoriesId"], s["percentage"])
                    for s in row["budgetCategories"]
                ],
            )
            for row in self.records("accounts_statements")
        ]

    @staticmethod
    def _movement(
        place: tuple[int, str, str],
        row: Record,
        direction: str,
        amount: float,
        names: tuple[str, ...],
        shares: list[tuple[Any, Any, Any]],
    ) -> Movement:
        sign = {"E": 1, "Income": 1, "S": -1, "Expense": -1}.get(direction)
        return Movement(
            id=place[0],
            day=place[1],
            company=row["companyId"],
            account=place[2],
            amount=None if sign is None else sign * abs(cents(amount)),
            billed=row["billId"] is not None,
            names=names,
            shares=tuple((centre, int(plan), exact(rate)) for centre, plan, rate in shares),
        )

    @cached_property
    def plans(self) -> dict[int, list[str]]:
        """The names of each financial plan and of those above it, by prefixes of two digits."""
        names = {str(row["id"]): row["name"] for row in self.records("payment_categories")}
        return {
            int(code): [
                names[code[:end]]
                for end in range(len(code) % 2 or 2, len(code) + 1, 2)
                if code[:end] in names
            ]
            for code in names
        }

    def between_own(self, movement: Movement, plan: int | None) -> bool:
        """Tell whether money only changed accounts: a transfer, an investment, a redemption.

        The operation says so, or the financial plan, or one above it.
        """
        above = self.plans.get(plan, []) if plan else []
        names = [plain(name) for name in (*movement.names, *above[-1:])]
        return not movement.billed and (
            any(name.startswith(("transf", "aplica", "resgate")) for name in names)
            or any(
                plain(name).startswith(
                    ("transf", "aplicacao financ", "aplicacoes financ", "resgate")
                )
                for name in above
            )
        )
