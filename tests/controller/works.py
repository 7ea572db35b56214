"""Works, their contracts and what was withheld from them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.budget import (
    Work,
    commitments,
    costs,
    logged,
    measured_value,
    monthly_costs,
    not_refused,
    planned,
)
from tests.controller.money import cents, sums
from tests.controller.questions import Answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.money import Key, Sums


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
    found: Sums = {}
    for work in {key[0] for key in months}:
        mine = sorted((key[1], values) for key, values in months.items() if key[0] == work)
        so_far = [nothing] * 3
        for when, values in mine:
            so_far = [one + other for one, other in zip(so_far, values, strict=True)]
            found[work, when] = (cents(so_far[0]), cents(so_far[2]))
    yield Answer(
        "curva_s_das_obras",
        ("codigo_empreendimento", "mes"),
        ("planejado_acumulado", "realizado_acumulado"),
        found,
        where=lambda row: (row["codigo_empreendimento"], row["mes"].isoformat()) in found,
    )
