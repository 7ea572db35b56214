"""The result: by cash, by accrual, and by the progress of the works."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.budget import Work, monthly_costs
from tests.controller.entries import month
from tests.controller.money import cents, exact, split, sums, total
from tests.controller.questions import Answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.entries import Installment
    from tests.controller.money import Key, Share

ORIGINS = {"Receber": "Parcelas a receber", "Pagar": "Parcelas a pagar"}


def entries(books: Books) -> Iterator[tuple[str, str, Any, int | None, Share]]:
    """Give every entry of the result: regime, origin, month, company and apportioned amount."""
    for part in books.installments:
        for each in part.settlements:
            if each.cash:
                for share in apportioned(part, each.net):
                    yield "Caixa", ORIGINS[part.side], month(each.day), part.company, share
        if not part.forecast:
            for share in apportioned(part, part.effective):
                yield "Competência", ORIGINS[part.side], month(part.accrued), part.company, share
    for move in books.movements:
        if move.amount is None:
            continue
        for centre, plan, amount in split(move.amount, move.shares):
            share = centre, plan, amount
            if not move.billed and not books.between_own(move, plan):
                yield "Caixa", "Movimentos sem título", month(move.day), move.company, share
            # REST tells no payments: those of the bills are in the statements.
            if move.billed and move.amount < 0 and books.by_rest:
                yield "Caixa", "Parcelas a pagar", month(move.day), move.company, share


def apportioned(part: Installment, amount: Decimal) -> list[Share]:
    """Divide an amount of an installment among its cost centres and plans, costs negative."""
    sign = 1 if part.side == "Receber" else -1
    return [(centre, plan, sign * share) for centre, plan, share in split(amount, part.shares)]


@question("DRE, por caixa e por competência, mês, conta e centro de custo")
def result(books: Books) -> Iterator[Answer]:
    """By cash what was received and paid; by accrual what the bills are for, void ones left out."""
    found: list[tuple[Key, tuple[Any, ...]]] = [
        ((regime, origin, when, company, centre, plan), (amount,))
        for regime, origin, when, company, (centre, plan, amount) in entries(books)
    ]
    keys = (
        "regime",
        "origem",
        "mes",
        "codigo_empresa",
        "codigo_centro_custo",
        "codigo_plano_financeiro",
    )
    # The shares of REST have no order, by which the last one would get what is left of a cent.
    told = len(keys) - 2 if books.by_rest else len(keys)
    yield Answer(
        "marts.dre",
        keys[:told],
        ("valor",),
        sums((key[:told], values) for key, values in found),
    )
    if books.by_rest:
        return
    year = books.today[:4]
    yield Answer(
        "dre_do_ano",
        ("codigo_plano_financeiro",),
        ("caixa", "competencia"),
        sums(
            (
                (key[5],),
                (amount if key[0] == "Caixa" else 0, amount if key[0] == "Competência" else 0),
            )
            for key, (amount,) in found
            if key[2] and key[2][:4] == year
        ),
    )


@question("Receita por percentual de conclusão (POC), por empreendimento e mês")
def recognised(books: Books) -> Iterator[Answer]:
    """Sold so far, times the cost incurred so far over the whole budget.

    A cancelled sale is taken off in its month. The cost of what was sold is the sold fraction of
    the cost incurred.
    """
    budgets = sums(
        ((work,), (cents(row["totalPrice"]),)) for (work, _, _), row in Work(books).items.items()
    )
    costs = monthly_costs(books)
    weights = {
        row["id"]: (row["enterpriseId"], exact(row["idealFraction"]))
        for row in books.records("units")
    }
    sales: list[tuple[Key, tuple[Any, ...]]] = []
    for row in books.records("sales_contracts"):
        cancelled = row["situation"] == "3" and row["cancellationDate"] is not None
        if row["situation"] in {"1", "2"} or cancelled:
            weight = total(
                weights[unit["id"]][1]
                for unit in row["salesContractUnits"]
                if unit["id"] in weights
            )
            work, value = row["enterpriseId"], cents(row["value"])
            sales.append(((work, month(row["contractDate"])), (value, weight)))
            if cancelled:
                day = max(row["cancellationDate"], row["contractDate"] or "")
                sales.append(((work, month(day)), (-value, -weight)))
    sold = sums(sales, rounded=False)
    works = {key[0] for key in [*costs, *sold]}
    expected: list[tuple[Key, tuple[Any, ...]]] = []
    now = month(books.today) or ""
    for work in works:
        whole = total(weight for owner, weight in weights.values() if owner == work)
        budget = budgets.get((work,), (Decimal(0),))[0]
        when = {key[1] for key in [*costs, *sold] if key[0] == work and key[1] and key[1] <= now}
        cost = value = weight = revenue_before = Decimal(0)
        for each in sorted(when):
            spent = costs.get((work, each), (Decimal(0),))[0]
            more, heavier = sold.get((work, each), (Decimal(0), Decimal(0)))
            cost, value, weight = cost + spent, value + more, weight + heavier
            part = min(weight / whole, Decimal(1)) if whole else Decimal(0)
            done = min(cost / budget, Decimal(1)) if budget else None
            revenue = Decimal(0) if done is None else cents(value * done)
            expected.append(
                (
                    (work, each),
                    (spent, cost, value, revenue, revenue - revenue_before, cents(cost * part)),
                )
            )
            revenue_before = revenue
    told = {key for key, _ in expected}
    yield Answer(
        "marts.receita_poc",
        ("codigo_empreendimento", "mes"),
        (
            "custo_incorrido_mes",
            "custo_incorrido_acumulado",
            "valor_vendido_acumulado",
            "receita_acumulada",
            "receita_mes",
            "custo_apropriado_acumulado",
        ),
        sums(expected),
        where=lambda row: (row["codigo_empreendimento"], row["mes"].isoformat()) in told,
    )
    last: dict[Key, tuple[Any, ...]] = {}
    names = books.names("enterprises", name="commercialName")
    for (work, _), values in sorted(expected, key=lambda each: (each[0][0], each[0][1])):
        last[work,] = values
    yield Answer(
        "receita_poc",
        ("nome_empreendimento",),
        ("valor_vendido_acumulado", "receita_acumulada", "custo_apropriado_acumulado"),
        sums(
            ((names[work],), (values[2], values[3], values[5])) for (work,), values in last.items()
        ),
    )
