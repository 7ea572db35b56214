"""What Python makes of the simulator's truth, to compare the marts of budget and supply with."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.controller.books import Books
from tests.controller.check import disagreements
from tests.controller.works import budget_and_cost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from testing.pipeline import Line
    from testing.truth import Row

Totals = dict[Any, Any]


def cents(value: Any) -> Decimal:  # noqa: ANN401
    """Give an amount to the cent."""
    return Decimal(str(value or 0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def exact(value: Any) -> Decimal:  # noqa: ANN401
    return Decimal(str(value or 0))


def today() -> str:
    return datetime.now(ZoneInfo("America/Sao_Paulo")).date().isoformat()


def overdue(row: Row) -> bool:
    return bool(row["balanceAmount"] > 0 and row["dueDate"] < today())


def forecast(row: Row) -> bool:
    flag = row.get("documentForecast", row.get("forecastDocument"))
    return bool(flag == "S" or row["documentIdentificationName"].upper().startswith("PREVIS"))


def printed(row: Row) -> Decimal:
    """Give the open balance that Sienge's own report has."""
    if row["balanceAmount"] <= 0:
        return cents(row["balanceAmount"])
    whole = row["correctedBalanceAmount"] == row["originalAmount"] and "payments" in row
    taxes = row["taxAmount"] if whole else 0
    return cents(row["correctedBalanceAmount"]) - cents(row["discountAmount"]) - cents(taxes)


CASH = {"receipts": {"Recebimento"}, "payments": {"Pagamento", "Adiantamento"}}


def settled(row: Row) -> tuple[Decimal, Decimal]:
    """Give what was settled of an installment with money and without.

    A reversal undoes the settlement of the same amount.
    """
    name = "receipts" if "receipts" in row else "payments"
    swap = row.get("paymentTerm", {}).get("id") == "PE"
    sums = {True: Decimal(0), False: Decimal(0)}
    kinds: dict[Decimal, bool] = {}
    for part in row[name]:
        net = cents(part["netAmount"])
        kinds.setdefault(net, part["operationTypeName"] in CASH[name] and not swap)
        sums[kinds[abs(net)]] += net
    return sums[True], sums[False]


def works_of_bills(line: Line) -> dict[int, int]:
    """Give the development of each receivable bill, by the number of its contract."""
    contracts = {
        row["number"]: row["enterpriseId"] for row in line.simulator.truth("sales_contracts")
    }
    return {
        bill["receivableBillId"]: contracts[bill["documentNumber"].removesuffix("-A")]
        for bill in line.simulator.truth("receivable_bills")
    }


def summed(parts: Iterable[tuple[Any, Any]]) -> Totals:
    """Sum amounts that have the same key, to the cent in the end."""
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for key, value in parts:
        sums[key] += exact(value)
    return {key: cents(value) for key, value in sums.items()}


def read(line: Line, mart: str, keys: int, *columns: str) -> Totals:
    """Give columns of a mart by the first ones."""
    rows = line.query(f"select {', '.join(columns)} from marts.{mart}")
    found = [tuple(row.values()) for row in rows]
    assert len({row[:keys] for row in found}) == len(found)
    return {row[:keys]: row[keys:] for row in found}


def assert_true_budget(line: Line) -> None:
    answer = budget_and_cost(Books(line.simulator.truth, ()))
    assert disagreements({"orçado": [answer]}, line.database) == {}


def assert_true_purchases(line: Line) -> None:
    truth = line.simulator.truth
    ordered = {
        (item["purchaseOrderId"], item["itemNumber"]): cents(
            exact(item["quantity"]) * exact(item["netPrice"])
        )
        for item in truth("purchase_orders_items")
    }
    prices = {
        (item["sequentialNumber"], item["invoiceItemNumber"]): exact(item["netPrice"])
        for item in truth("purchase_invoices_items")
    }
    billed = summed(
        (
            (part["purchaseOrderId"], part["purchaseOrderItemNumber"]),
            exact(part["quantityDelivery"])
            * prices[part["sequentialNumber"], part["invoiceItemNumber"]],
        )
        for part in truth("purchase_invoices_deliveries_attended")
    )
    met = {
        (part["purchaseRequestId"], part["purchaseRequestItemId"]): (
            part["purchaseOrderId"],
            part["itemNumber"],
        )
        for part in truth("purchase_orders_items_purchase_requests")
    }
    asked = {order: request for (request, _), order in met.items()}
    quoted = {
        (item["purchaseOrderId"], item["itemNumber"]): min(
            quotation["purchaseQuotationId"] for quotation in item["purchaseQuotations"]
        )
        for item in truth("purchase_orders_items")
        if item["purchaseQuotations"]
    }
    delivered: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for part in truth("purchase_invoices_deliveries_attended"):
        key = part["purchaseOrderId"], part["purchaseOrderItemNumber"]
        delivered[key] += exact(part["quantityDelivery"])
    assert delivered
    assert quoted
    mart = "compras where numero_pedido is not null"
    columns = ("valor_item", "valor_faturado", "numero_solicitacao")
    further = ("numero_cotacao", "quantidade_entregue")
    assert read(line, mart, 2, "numero_pedido", "item_pedido", *columns, *further) == {
        key: (value, *(found.get(key) for found in (billed, asked, quoted, delivered)))
        for key, value in ordered.items()
    }
    orders = {(row["id"],): (cents(row["totalAmount"]),) for row in truth("purchase_orders")}
    mart = "compras where numero_pedido is not null group by numero_pedido"
    assert read(line, mart, 1, "numero_pedido", "sum(valor_pedido)") == orders
    waiting = {
        (item["purchaseRequestId"], item["itemNumber"]): (exact(item["quantity"]),)
        for item in truth("purchase_requests_items")
        if (item["purchaseRequestId"], item["itemNumber"]) not in met
    }
    assert waiting
    mart = "compras where numero_pedido is null"
    columns = ("numero_solicitacao", "item_solicitacao", "quantidade_solicitada")
    assert read(line, mart, 2, *columns) == waiting


def assert_true_measurements(line: Line) -> None:
    names = ("documentId", "contractNumber", "buildingId", "measurementNumber")
    keys = ("codigo_documento", "numero_contrato", "codigo_empreendimento", "numero_medicao")
    measured = {
        tuple(row[name] for name in names): cents(row["totalLaborValue"])
        + cents(row["totalMaterialValue"])
        for row in line.simulator.truth("supply_contracts_measurements")
    }
    items = summed(
        (tuple(item[name] for name in names), cents(item[f"measured{kind}Value"]))
        for item in line.simulator.truth("supply_contracts_measurements_items")
        for kind in ("Labor", "Material")
    )
    assert read(line, "medicoes", 4, *keys, "valor_medido", "valor_itens") == {
        key: (value, items[key]) for key, value in measured.items()
    }


def assert_true_balances(line: Line) -> None:
    def signed(row: Row, name: str) -> Decimal:
        return cents(row[name]) * (1 if row[f"{name}Type"] == "DEBIT" else -1)

    keys = ("codigo_empresa", "to_char(mes, 'MM-YYYY')", "codigo_reduzido_conta")
    columns = ("saldo_anterior", "debitos", "creditos", "saldo_final")
    assert read(line, "balancete", 3, *keys, *columns) == {
        (row["companyId"], row["monthYear"], row["id"]): (
            signed(row, "previousBalance"),
            cents(row["debitBalance"]),
            cents(row["creditBalance"]),
            signed(row, "balanceCarriedForward"),
        )
        for row in line.simulator.truth("bulk_account_balance")
    }


def assert_true_summaries(line: Line) -> None:
    truth = line.simulator.truth
    income = [row for row in truth("bulk_income") if not forecast(row)]
    contracts = truth("sales_contracts")
    sold = [row for row in contracts if row["situation"] in {"1", "2"}]
    open_ = summed((row["clientId"], printed(row)) for row in income)
    late = summed((row["clientId"], printed(row)) for row in income if overdue(row))
    columns: tuple[str, ...] = ("saldo_aberto", "saldo_vencido")
    assert read(line, "cliente_360", 1, "codigo_cliente", *columns) == {
        (row["id"],): tuple(amounts.get(row["id"], 0) for amounts in (open_, late))
        for row in truth("customers")
    }
    sales = summed((row["enterpriseId"], row["value"]) for row in sold)
    units = [row["enterpriseId"] for row in truth("units")]
    works = works_of_bills(line)
    owed = summed((works[row["billId"]], printed(row)) for row in income)
    columns = ("unidades", "valor_vendido", "saldo_receber")
    assert read(line, "empreendimento_360", 1, "codigo_empreendimento", *columns) == {
        (row["id"],): (units.count(row["id"]), sales.get(row["id"], 0), owed.get(row["id"], 0))
        for row in truth("enterprises")
    }
