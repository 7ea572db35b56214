"""The simulator's true records, in the words of an accountant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.controller.money import cents, exact, total

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.controller.money import Share

Record = dict[str, Any]

NAMES = {
    1: "Pagamento", 2: "Recebimento", 3: "Cancelamento", 5: "Substituição",
    8: "Abatimento de Adiantamento", 10: "Adiantamento", 11: "Por Bens", 12: "Outros",
    22: "Estorno",
}  # fmt: skip
"""What the numbers of the kinds of settlement mean."""

CASH = {"Receber": {"Recebimento"}, "Pagar": {"Pagamento", "Adiantamento"}}
"""The kinds that are money."""

VOID = {"Cancelamento", "Substituição", "Reparcelamento", "Distrato", "Devolução"}
"""The kinds after which there was no revenue or expense."""

AGES = {"Em dia": 0, "1 a 30 dias": 30, "31 a 60 dias": 60, "61 a 90 dias": 90,
        "91 a 180 dias": 180, "181 a 360 dias": 360, "Mais de 360 dias": 10**6}  # fmt: skip
"""The ages of a debt, with the last day of each."""


def plain(text: str | None) -> str:
    """Give a text in small letters without accents."""
    letters = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in letters if not unicodedata.combining(c)).strip().lower()


def in_goods(name: str | None) -> bool:
    """Tell by its name whether a condition of payment is no money."""
    return bool(re.search(r"\b(permutas?|dacao|dacoes|bem|bens)\b", plain(name)))


def month(day: str | None) -> str | None:
    """Give the first day of a day's month."""
    return f"{day[:7]}-01" if day else None


@dataclass(frozen=True)
class Settlement:
    """One settlement of an installment: with money or not, or one that voids the debt."""

    day: str | None
    kind: str
    gross: Decimal
    net: Decimal
    cash: bool
    void: bool


@dataclass(frozen=True)
class Installment:
    """An installment of a bill, as Sienge's list of bills shows it."""

    side: str
    company: int | None
    bill: int
    number: int
    party: int | None
    forecast: bool
    swap: bool
    issued: str | None
    accrued: str | None
    due: str | None
    original: Decimal
    open: Decimal | None
    corrected: Decimal
    discount: Decimal
    tax: Decimal
    settlements: tuple[Settlement, ...]
    shares: tuple[Share, ...]
    works: tuple[tuple[Any, Any, str, Decimal], ...]
    work: int | None
    authorized: bool | None
    today: str

    @property
    def is_open(self) -> bool:
        """Whether something is left to settle."""
        return self.open is not None and self.open > 0

    @property
    def is_late(self) -> bool:
        """Whether it should have been settled before today."""
        return self.is_open and self.due is not None and self.due < self.today

    @property
    def days_late(self) -> int:
        """How long it is overdue."""
        if not self.is_late or self.due is None:
            return 0
        return (date.fromisoformat(self.today) - date.fromisoformat(self.due)).days

    @property
    def age(self) -> str:
        """The age under which a report lists it."""
        return next(name for name, last in AGES.items() if self.days_late <= last)

    @property
    def balance(self) -> Decimal:
        """What Sienge's report prints as open.

        It takes the discount off, and the tax of what is payable while nothing of it was paid.
        """
        if self.open is None or self.open <= 0:
            return self.open or Decimal(0)
        whole = self.side == "Pagar" and self.corrected == self.original
        return self.corrected - self.discount - (self.tax if whole else 0)

    @property
    def cash(self) -> Decimal:
        """What was received or paid of it with money."""
        return total(part.net for part in self.settlements if part.cash)

    @property
    def without_cash(self) -> Decimal:
        """What was settled of it without money."""
        return total(part.net for part in self.settlements if not part.cash)

    @property
    def effective(self) -> Decimal:
        """What of it is revenue or expense: all but what was voided."""
        void = total(part.gross for part in self.settlements if part.void)
        return self.original - min(max(void, Decimal(0)), self.original)


@dataclass(frozen=True)
class Movement:
    """A movement of a bank account; of unknown direction, without an amount."""

    id: int
    day: str
    company: int
    account: str
    amount: Decimal | None
    billed: bool
    names: tuple[str, ...]
    shares: tuple[Share, ...]


def settlements(side: str, records: list[Record], *, swap: bool) -> tuple[Settlement, ...]:
    """Understand settlements: a reversal is what it reverses.

    That is the last one before it of the same amount or, without one, simply the last one.
    """
    found: list[Settlement] = []
    for record in records:
        kind = record["operationTypeName"] or NAMES.get(record["operationTypeId"], "")
        net = cents(record["netAmount"])
        if kind == "Estorno":
            same = [one for one in found if abs(one.net) == abs(net) and one.kind != kind]
            others = [one for one in found if one.kind != kind]
            model = (same or others)[-1:]
            cash, void = (model[0].cash, model[0].void) if model else (True, False)
        else:
            cash, void = kind in CASH[side] and not swap, kind in VOID
        day = record["paymentDate"]
        found.append(Settlement(day, kind, cents(record["grossAmount"]), net, cash, void))
    return tuple(found)


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
