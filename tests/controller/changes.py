"""Changes at random, with the codes that Sienge gives and with some that nobody knows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.controller.entries import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from testing.simulator import Simulator
    from tests.controller.entries import Record

CODES = {name: code for code, name in NAMES.items()}

KINDS = (*NAMES.values(), "Distrato", "Reparcelamento", "Devolução", "Compensação judicial")
"""Kinds of settlement, the last one unknown."""


def some(random: Random, records: list[Record], number: int) -> list[Record]:
    """Give some of the records."""
    return random.sample(records, min(number, len(records)))


def shifted(random: Random, day: str | None) -> str:
    """Give a day within some five hundred days of another."""
    start = date.fromisoformat(day) if day else date(2026, 1, 1)
    return (start + timedelta(random.randint(-500, 500))).isoformat()


def settlement(random: Random, kind: str, amount: float, day: str, number: int) -> Record:
    """Make a settlement; some kinds have no number, and some answers no name."""
    code = CODES.get(kind)
    nameless = code is not None and random.random() < 0.1
    extra = round(amount * random.choice([0, 0, 0, 0.02, -0.03]), 2)
    return {
        "operationTypeId": code,
        "operationTypeName": None if nameless else kind,
        "grossAmount": amount,
        "netAmount": round(amount + extra, 2),
        "interestAmount": max(extra, 0),
        "discountAmount": max(-extra, 0),
        "paymentDate": day,
        "sequencialNumber": number,
    }


def settled(random: Random, row: Record, normal: str) -> Record:
    """Settle an installment in one of the ways that there are."""
    amount, day = row["originalAmount"], shifted(random, row["dueDate"])
    half = round(amount / 2, 2)
    kind = random.choice(KINDS)
    reversed_ = [
        settlement(random, kind if random.random() < 0.5 else normal, half, day, 1),
        settlement(random, "Estorno", -half, day, 2),
        settlement(random, random.choice(KINDS), half, day, 3),
    ]
    reversed_[1]["netAmount"] = -reversed_[0]["netAmount"]
    parts, left = random.choice(
        [
            ([settlement(random, normal, amount, day, 1)], 0),
            ([settlement(random, kind, amount, day, 1)], 0),
            ([settlement(random, normal, half, day, 1)], amount - half),
            (reversed_, amount - half),
            ([], amount),
        ]
    )
    left = round(left, 2)
    return {
        ("receipts" if normal == "Recebimento" else "payments"): parts,
        "balanceAmount": left,
        "correctedBalanceAmount": round(left * random.choice([1, 1, 1.031]), 2),
    }


def installments(random: Random, row: Record, normal: str) -> Record:
    """Change one thing or another of an installment."""
    flag = "documentForecast" if normal == "Recebimento" else "forecastDocument"
    what = random.choice(["settled", "settled", "settled", "due", "forecast", "name", "discount"])
    if what == "settled":
        return settled(random, row, normal)
    if what == "due":
        today = datetime.now(ZoneInfo("America/Sao_Paulo")).date().isoformat()
        return {
            "dueDate": random.choice([today, shifted(random, row["dueDate"])]),
            "billDate": None,
        }
    if what == "forecast":
        return {flag: "S" if row[flag] != "S" else "N"}
    if what == "name":
        return {"documentIdentificationName": random.choice(["PREVISÃO DE OBRA", "Recibo"])}
    return {"discountAmount": round(row["balanceAmount"] * random.choice([0.05, 1.2]), 2)}


def cancelled(random: Random, row: Record) -> Record:
    """Cancel a sale."""
    return {
        "situation": "3",
        "cancellationDate": shifted(random, row["contractDate"]),
        "cancellationReason": random.choice(["Desistência", "Inadimplência"]),
        "totalCancellationAmount": round(row["value"] / 7, 2),
    }


def order(random: Random, _: Record) -> Record:
    """Give an order another state."""
    return random.choice(
        [
            {"status": "CANCELED"},
            {"authorized": True, "consistent": "CONSISTENT", "disapproved": False},
            {"authorized": False, "authorizedAt": None, "disapproved": True},
            {"totalAmount": round(random.uniform(10, 90000), 2)},
        ]
    )


MANY: tuple[tuple[str, int, Callable[[Random, Record], Record]], ...] = (
    ("bulk_income", 30, lambda random, row: installments(random, row, "Recebimento")),
    ("bulk_outcome", 40, lambda random, row: installments(random, row, "Pagamento")),
    ("sales_contracts", 6, cancelled),
    (
        "sales_contracts",
        6,
        lambda random, row: {"contractDate": shifted(random, row["contractDate"])},
    ),
    ("units", 25, lambda random, _: {"commercialStock": random.choice("DVLCARTEMPGOZ")}),
    (
        "accounts_statements",
        30,
        lambda random, row: random.choice(
            [
                {"date": shifted(random, row["date"])},
                {"value": round(random.uniform(1, 99999), 2)},
                {"type": random.choice(["Income", "Expense"])},
            ]
        ),
    ),
    (
        "bills_installments",
        15,
        lambda random, _: {"situation": random.choice(["Não paga", "Parcialmente paga"])},
    ),
    ("purchase_orders", 10, order),
    ("supply_contracts", 3, lambda random, _: {"status": random.choice(["RESCINDED", "PENDING"])}),
    ("supply_contracts", 3, lambda random, _: {"isAuthorized": random.random() < 0.5}),
    (
        "building_projects_progress_logs",
        4,
        lambda random, _: {"statusApproval": random.choice(["APROVADA", "REPROVADA"])},
    ),
    (
        "bulk_building_cost_estimation_items",
        6,
        lambda random, _: {"totalPrice": round(random.uniform(0, 500000), 2)},
    ),
    (
        "commissions",
        10,
        lambda random, _: {"installmentStatus": random.choice(["PAID", "CANCELLED", "RELEASED"])},
    ),
)
"""Resources, how many of their records change, and what of them."""

KEYS = {
    "bulk_income": ("companyId", "billId", "installmentId"),
    "bulk_outcome": ("companyId", "billId", "installmentId"),
    "bills_installments": ("billId", "installmentNumber"),
    "supply_contracts": ("documentId", "contractNumber"),
    "building_projects_progress_logs": ("buildingId", "measurementNumber"),
    "bulk_building_cost_estimation_items": ("buildingId", "versionNumber", "buildingUnitId", "id"),
    "commissions": ("commissionID", "installmentNumber"),
}
"""What identifies a record, where that is not its ``id``."""

BORN_AND_GONE = {
    "sales_contracts": (3, 2), "bills": (6, 4), "accounts_statements": (5, 5), "customers": (2, 0),
    "purchase_requests": (2, 1), "purchase_orders": (2, 1), "purchase_invoices": (1, 1),
    "supply_contracts": (1, 1),
}  # fmt: skip
"""How many records are created and deleted."""


def change(simulator: Simulator, random: Random) -> None:
    """Change records of every kind, create some and delete some."""
    for resource, number, values in MANY:
        key = KEYS.get(resource, ("id",))
        for row in some(random, simulator.truth(resource), number):
            known = [str(row[name]) for name in key]
            wanted = {"resource": resource, "ids": [known], "set": values(random, row)}
            simulator.admin("/change", wanted | {"update": 1})
    for resource, (born, gone) in BORN_AND_GONE.items():
        simulator.admin("/change", {"resource": resource, "create": born, "delete": gone})
