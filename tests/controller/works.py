"""Purchases, works, contracts and what was withheld from them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.books import month
from tests.controller.money import cents, exact, split, sums, total
from tests.controller.questions import Answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books, Record
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


def budget_and_cost(books: Books) -> Answer:
    """The last version of the budget, and the bills that are apportioned to it."""
    nothing = Decimal(0)
    return Answer(
        "marts.orcado_realizado",
        ("codigo_empreendimento", "codigo_unidade_construtiva", "codigo_item"),
        ("valor_orcado", "valor_apropriado", "valor_previsto", "valor_pago"),
        sums(
            [
                *(
                    (place, (cents(row["totalPrice"]), nothing, nothing, nothing))
                    for place, row in Work(books).items.items()
                ),
                *(
                    (
                        place,
                        (
                            nothing,
                            nothing if forecast else cost,
                            cost if forecast else nothing,
                            nothing if forecast else paid,
                        ),
                    )
                    for place, _, forecast, cost, paid in costs(books)
                ),
            ]
        ),
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


@question("Custo das obras: orçado, comprometido, medido, realizado, pago e a comprometer")
def cost_of_works(books: Books) -> Iterator[Answer]:
    """What an item still needs is its budget, less what was spent and what is committed."""
    yield budget_and_cost(books)
    rows: defaultdict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for place, row in Work(books).items.items():
        rows[place]["budget"] += cents(row["totalPrice"])
    for place, _, forecast, cost, _ in costs(books):
        rows[place]["spent"] += Decimal(0) if forecast else cost
    documents = sums(
        ((kind, document, place), (value,)) for kind, document, place, value in commitments(books)
    )
    for (kind, _, place), (value,) in documents.items():
        rows[place][kind] += value
    names = books.names("enterprises", name="commercialName")
    found: list[tuple[Key, tuple[Any, ...]]] = []
    for place, row in rows.items():
        spent = cents(row["spent"])
        unmeasured = max(row["contracted"] - row["measured"], Decimal(0))
        values = (
            row["budget"],
            row["contracted"] + row["ordered"],
            row["measured"],
            spent,
            row["budget"] - spent - unmeasured - row["ordered"],
            row["waiting"],
        )
        found.append((place, values))
    columns = (
        "valor_orcado",
        "valor_comprometido",
        "valor_medido",
        "valor_realizado",
        "valor_a_comprometer",
    )
    yield Answer(
        "marts.custo_obra",
        ("codigo_empreendimento", "codigo_unidade_construtiva", "codigo_item"),
        (*columns, "valor_a_autorizar"),
        sums(found),
    )
    yield Answer(
        "custo_das_obras",
        ("nome_empreendimento",),
        columns,
        sums(((names[place[0]],), values[:-1]) for place, values in found),
    )


@question("Medições de contratos e retenções, por credor")
def measurements(books: Books) -> Iterator[Answer]:
    """What was measured and not refused; the deposit held back, and the taxes of the bills."""
    good = not_refused(books)
    contracts = {
        (row["documentId"], row["contractNumber"]): measured_value(row)
        for row in books.records("supply_contracts")
    }
    measured = sums(
        ((row["documentId"], row["contractNumber"]), (measured_value(row), 1)) for row in good
    )
    yield Answer(
        "medicoes_por_contrato",
        ("codigo_documento", "numero_contrato"),
        ("valor_medido", "medicoes", "falta_medir"),
        {key: (value, number, contracts[key] - value) for key, (value, number) in measured.items()},
    )
    suppliers = {
        (row["documentId"], row["contractNumber"]): row["supplierId"]
        for row in books.records("supply_contracts")
    }
    held = [
        (
            suppliers[row["documentId"], row["contractNumber"]],
            cents(row["securityDepositValue"]),
            Decimal(0),
        )
        for row in books.records("supply_contracts_measurements_details")
        if row["statusApproval"] != "DISAPPROVED"
    ]
    taxes = [(creditor, Decimal(0), amount) for creditor, amount in withheld(books) if amount]
    yield Answer(
        "retencoes_por_credor",
        ("codigo_credor",),
        ("caucao", "impostos"),
        sums(((creditor,), (deposit, tax)) for creditor, deposit, tax in [*held, *taxes]),
    )


def withheld(books: Books) -> Iterator[tuple[int | None, Decimal]]:
    """Give the taxes withheld of each bill, and its creditor; of a void bill there are none.

    Where the taxes were not landed, the installments tell their sums.
    """
    alive = {part.bill for part in books.payable if part.effective or not part.original}
    void = {part.bill for part in books.payable} - alive
    if "bills_taxes" in books.landed:
        creditors = books.names("bills", name="creditorId")
        for row in books.records("bills_taxes"):
            if row["billId"] not in void:
                yield creditors.get(row["billId"]), cents(row["amount"])
    else:
        for part in books.payable:
            if part.bill not in void and not part.forecast:
                yield part.party, part.tax


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


@question("Curva S: planejado, medido e realizado, por obra e mês")
def curve(books: Books) -> Iterator[Answer]:
    """The month's values of each work, and all that came before."""
    nothing = Decimal(0)
    months = sums(
        [
            *((key, (value, nothing, nothing)) for key, value in planned(books)),
            *((key, (nothing, value, nothing)) for key, value in logged(books)),
            *((key, (nothing, nothing, value)) for key, (value,) in monthly_costs(books).items()),
        ],
        rounded=False,
    )
    yield Answer(
        "marts.curva_s_obra",
        ("codigo_empreendimento", "mes"),
        ("valor_planejado", "valor_medido", "valor_realizado"),
        {key: tuple(map(cents, values)) for key, values in months.items()},
    )
    names = books.names("enterprises", name="commercialName")
    found: list[tuple[Key, tuple[Any, ...]]] = []
    for work in {key[0] for key in months}:
        mine = sorted((key[1], values) for key, values in months.items() if key[0] == work)
        so_far = [nothing] * 3
        for when, values in mine:
            so_far = [one + other for one, other in zip(so_far, values, strict=True)]
            found.append(((names[work], when), (so_far[0], so_far[2])))
    yield Answer(
        "curva_s_das_obras",
        ("nome_empreendimento", "mes"),
        ("planejado_acumulado", "realizado_acumulado"),
        sums(found),
        where=lambda row: (
            (row["nome_empreendimento"], row["mes"].isoformat()) in {key for key, _ in found}
        ),
    )
