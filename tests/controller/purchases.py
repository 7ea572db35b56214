"""Purchases, and how long each of their steps took."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.controller.money import cents, sums
from tests.controller.questions import Answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.entries import Record
    from tests.controller.money import Key, Sums


def days(begin: str | None, end: str | None) -> int | None:
    """Give the days between two."""
    if begin is None or end is None:
        return None
    return (date.fromisoformat(end[:10]) - date.fromisoformat(begin[:10])).days


@question("Compras, por fornecedor e ano, e prazos da solicitação à entrega")
def purchases(books: Books) -> Iterator[Answer]:
    """The orders that were not cancelled, with freight and discount, in the year of their date."""
    yield Answer(
        "compras_por_fornecedor",
        ("ano", "codigo_credor"),
        ("valor_pedidos", "pedidos"),
        sums(
            ((int(row["date"][:4]), row["supplierId"]), (cents(row["totalAmount"]), 1))
            for row in books.records("purchase_orders")
            if row["status"] != "CANCELED"
        ),
    )
    yield lead_times(books)


def stage(order: Record, bill: int | None) -> str:
    """Tell how far an order has come."""
    if order["status"] == "CANCELED":
        return "Cancelado"
    if order["status"] == "FULLY_DELIVERED":
        return "Entregue" if bill is None else "Concluído"
    if order["status"] == "PARTIALLY_DELIVERED":
        return "Entregue em parte"
    if order["disapproved"]:
        return "Reprovado"
    if order["authorized"]:
        return "A entregar"
    return "Pedido a autorizar" if order["consistent"] == "CONSISTENT" else "Pedido incompleto"


def lead_times(books: Books) -> Answer:
    """From the request to the order, to its authorisation and to the last delivery."""
    orders = {row["id"]: row for row in books.records("purchase_orders")}
    requests = {row["id"]: row["requestDate"] for row in books.records("purchase_requests")}
    bills = books.names("purchase_invoices", "sequentialNumber", "billId")
    asked: defaultdict[Key, list[int]] = defaultdict(list)
    for row in books.records("purchase_orders_items_purchase_requests"):
        asked[row["purchaseOrderId"], row["itemNumber"]].append(row["purchaseRequestId"])
    delivered: defaultdict[Key, list[Record]] = defaultdict(list)
    for row in books.records("purchase_invoices_deliveries_attended"):
        delivered[row["purchaseOrderId"], row["purchaseOrderItemNumber"]].append(row)
    scheduled: defaultdict[Key, list[str]] = defaultdict(list)
    for row in books.records("purchase_orders_items_delivery_schedules"):
        scheduled[row["purchaseOrderId"], row["itemNumber"]].append(row["sheduledDate"])
    found: Sums = {}
    for item in books.records("purchase_orders_items"):
        key: Key = (item["purchaseOrderId"], item["itemNumber"])
        order = orders[key[0]]
        request = min((requests[one] for one in asked[key] if one in requests), default=None)
        arrived = max((each["deliveryDate"] for each in delivered[key]), default=None)
        told = [bills[each["sequentialNumber"]] for each in delivered[key]]
        bill = max((one for one in told if one is not None), default=None)
        promised = max(scheduled[key], default=None)
        step = stage(order, bill)
        late = None
        if step in {"A entregar", "Entregue em parte"}:
            late = days(promised, books.today)
        elif step in {"Entregue", "Concluído"}:
            late = days(promised, arrived)
        step_and_days = (
            step,
            days(request, order["date"]),
            days(order["date"], order["authorizedAt"]),
            days(order["date"], arrived),
            days(request, arrived),
            None if late is None else max(late, 0),
        )
        found[key + step_and_days] = (Decimal(1),)
    return Answer(
        "marts.suprimentos_funil",
        (
            "numero_pedido",
            "item_pedido",
            "etapa",
            "dias_ate_pedido",
            "dias_ate_autorizacao",
            "dias_ate_entrega",
            "dias_da_solicitacao_a_entrega",
            "dias_atraso_entrega",
        ),
        (lambda _: 1,),
        found,
        where=lambda row: row["numero_pedido"] is not None,
    )
