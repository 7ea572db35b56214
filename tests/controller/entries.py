"""Installments, settlements and bank movements, in the words of an accountant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.money import cents, total

if TYPE_CHECKING:
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


def year_from(first: date) -> list[str]:
    """Give the first days of twelve months, in all of which something may have happened or not."""
    ahead = (divmod(first.month - 1 + number, 12) for number in range(12))
    return [first.replace(year=first.year + y, month=m + 1, day=1).isoformat() for y, m in ahead]


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
