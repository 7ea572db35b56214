"""Sales, cancellations, stock of units and commissions."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.entries import in_goods, month
from tests.controller.money import cents, exact, split, sums, total
from tests.controller.questions import Answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.entries import Record
    from tests.controller.money import Share

SITUATIONS = {
    "D": "Disponível", "V": "Vendida", "L": "Locada", "C": "Reservada", "A": "Reservada",
    "R": "Reserva técnica", "E": "Permuta", "M": "Mútuo", "P": "Proposta", "T": "Transferida",
    "G": "Outra (G)", "O": "Outra (O)",
}  # fmt: skip
"""What the codes of the commercial stock mean."""

COMMISSIONS = {
    "PAID": "Paga",
    "CANCELLED": "Cancelada",
    "RELEASED": "Liberada",
    "AWAITING_RELEASE": "Aguarda liberação",
    "AWAITING_AUTHORIZATION": "Aguarda autorização",
}


def sold(books: Books) -> list[Record]:
    """Give the contracts that are sales: authorised or issued."""
    return [row for row in books.records("sales_contracts") if row["situation"] in {"1", "2"}]


def swapped(contract: Record) -> Decimal:
    """Give what of a contract is paid in goods."""
    return total(
        cents(part["totalValue"])
        for part in contract["paymentConditions"]
        if part["conditionTypeId"] == "PE" or in_goods(part["conditionTypeName"])
    )


def main_customer(contract: Record) -> Any:  # noqa: ANN401
    """Give the customer in whose name the contract is."""
    return next(who["id"] for who in contract["salesContractCustomers"] if who["main"])


def participations(contract: Record) -> list[Share]:
    """Give the customers of a contract, and how many percent of it each one bought."""
    return [
        (who["id"], None, exact(who["participationPercentage"]))
        for who in contract["salesContractCustomers"]
    ]


@question("Vendas, por mês e empreendimento")
def sales(books: Books) -> Iterator[Answer]:
    """In the month of the contract's date."""
    names = books.names("enterprises")
    yield Answer(
        "vendas_por_mes",
        ("mes", "nome_empreendimento"),
        ("valor_vendido", "contratos"),
        sums(
            ((month(row["contractDate"]), names[row["enterpriseId"]]), (cents(row["value"]), 1))
            for row in sold(books)
        ),
    )
    yield Answer(
        "marts.fato_vendas",
        ("codigo_contrato_venda", "codigo_cliente", "venda_valida"),
        ("valor_contrato", "valor_permuta", "valor_sem_permuta", "valor_comissao"),
        sums(
            (
                (row["id"], main_customer(row), row["situation"] in {"1", "2"}),
                (
                    cents(row["value"]),
                    swapped(row),
                    cents(row["value"]) - swapped(row),
                    cents(row["linkedCommissions"]["totalCommissionAmount"]),
                ),
            )
            for row in books.records("sales_contracts")
        ),
    )
    shares = [
        (row, customer, part)
        for row in books.records("sales_contracts")
        for customer, _, part in split(cents(row["value"]), participations(row))
    ]
    yield Answer(
        "marts.vendas_clientes",
        ("codigo_contrato_venda", "codigo_cliente"),
        ("valor_participacao",),
        sums(((row["id"], customer), (part,)) for row, customer, part in shares),
    )
    yield Answer(
        "marts.cliente_360",
        ("codigo_cliente",),
        ("valor_contratos", "contratos_ativos"),
        sums(
            ((customer,), (part, 1))
            for row, customer, part in shares
            if row["situation"] in {"1", "2"}
        ),
    )


@question("Distratos, por ano e motivo")
def cancellations(books: Books) -> Iterator[Answer]:
    """Cancelled contracts, in the year of the cancellation."""
    yield Answer(
        "distratos",
        ("ano", "motivo_cancelamento"),
        ("valor_contratos", "valor_distratos", "contratos"),
        sums(
            (
                (_year(row["cancellationDate"]), row["cancellationReason"]),
                (cents(row["value"]), cents(row["totalCancellationAmount"]), 1),
            )
            for row in books.records("sales_contracts")
            if row["situation"] == "3"
        ),
    )


def _year(day: str | None) -> int | None:
    return int(day[:4]) if day else None


@question("Velocidade de vendas (VSO) e meses de estoque, por empreendimento")
def sales_speed(books: Books) -> Iterator[Answer]:
    """Sales of twelve months over what there was to sell: those, and what is available today."""
    year_ago = books.day.replace(year=books.day.year - 1).isoformat()
    recent = Counter(
        row["enterpriseId"]
        for row in sold(books)
        if row["contractDate"] and year_ago < row["contractDate"] <= books.today
    )
    units = books.records("units")
    available = Counter(row["enterpriseId"] for row in units if row["commercialStock"] == "D")
    names = books.names("enterprises")
    works = {row["enterpriseId"] for row in units}

    def speed(work: int) -> Decimal:
        offered = recent[work] + available[work]
        return tenths(exact(100 * recent[work]) / offered) if offered else Decimal(0)

    yield Answer(
        "velocidade_vendas",
        ("nome_empreendimento",),
        ("vendas_12_meses", "disponiveis", "vso_12_meses_percentual"),
        sums(((names[work],), (recent[work], available[work], speed(work))) for work in works),
    )
    yield Answer(
        "marts.estoque_unidades",
        ("codigo_empreendimento",),
        ("vendas_12_meses", "meses_de_estoque"),
        sums(
            (
                (work,),
                (
                    recent[work],
                    tenths(exact(12 * available[work]) / recent[work]) if recent[work] else 0,
                ),
            )
            for work in works
        ),
    )


def tenths(value: Decimal) -> Decimal:
    """Round to one place, half of one away from zero."""
    return value.quantize(Decimal("0.1"), "ROUND_HALF_UP")


def appraisal(unit: Record) -> Decimal:
    """Give the last sale value that a unit was appraised at."""
    told = [each for each in unit["evaluation"] or [] if each["saleValueDate"]]
    return (
        cents(max(told, key=lambda each: each["saleValueDate"])["saleValuePrice"])
        if told
        else cents(0)
    )


@question("Estoque de unidades, por empreendimento e tipo de imóvel")
def stock(books: Books) -> Iterator[Answer]:
    """Units by their situation, and what the available ones are appraised at."""
    names = books.names("enterprises")
    units = books.records("units")
    available = [row for row in units if row["commercialStock"] == "D"]
    yield Answer(
        "estoque_por_tipo",
        ("nome_empreendimento", "tipo_imovel"),
        ("unidades", "disponiveis", "vendidas", "outras", "valor_disponivel"),
        sums(
            (
                (names[row["enterpriseId"]], row["propertyType"]),
                (
                    1,
                    row["commercialStock"] == "D",
                    row["commercialStock"] == "V",
                    row["commercialStock"] not in {"D", "V"},
                    appraisal(row) if row["commercialStock"] == "D" else 0,
                ),
            )
            for row in units
        ),
    )
    yield Answer(
        "marts.dim_unidade",
        ("codigo_empreendimento", "situacao"),
        (lambda _: 1, "area_privativa"),
        sums(
            (
                (
                    row["enterpriseId"],
                    SITUATIONS.get(row["commercialStock"], row["commercialStock"]),
                ),
                (1, exact(row["privateArea"])),
            )
            for row in units
        ),
    )
    yield Answer(
        "unidades_disponiveis",
        ("nome_empreendimento", "nome_unidade"),
        ("valor_avaliado", "area_privativa"),
        sums(
            (
                (names[row["enterpriseId"]], row["name"]),
                (appraisal(row), exact(row["privateArea"])),
            )
            for row in available
        ),
    )


@question("Comissões, por corretor e empreendimento")
def commissions(books: Books) -> Iterator[Answer]:
    """Every installment once: paid, cancelled or still owed."""
    rows = books.records("commissions")
    names = books.names("enterprises", name="commercialName")

    def values(row: Record) -> tuple[Decimal, ...]:
        value, state = cents(row["value"]), row["installmentStatus"]
        kinds = ("PAID", "CANCELLED", "RELEASED")
        paid, cancelled, released = (value if state == kind else exact(0) for kind in kinds)
        return paid, cancelled, value - paid - cancelled, released

    columns = ("valor_pago", "valor_cancelado", "valor_a_pagar", "valor_liberado")
    yield Answer(
        "marts.comissoes",
        ("codigo_corretor", "situacao"),
        columns,
        sums(
            ((row["brokerID"], COMMISSIONS[row["installmentStatus"]]), values(row)) for row in rows
        ),
    )
    yield Answer(
        "comissoes_por_empreendimento",
        ("nome_empreendimento",),
        columns,
        sums(((names[row["enterpriseID"]],), values(row)) for row in rows),
    )
    yield Answer(
        "comissoes_a_pagar",
        ("codigo_corretor",),
        ("valor_a_pagar", "valor_liberado"),
        sums(((row["brokerID"],), values(row)[2:]) for row in rows),
    )
