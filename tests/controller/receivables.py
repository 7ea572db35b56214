"""What customers owe and paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.controller.entries import AGES, month, year_from
from tests.controller.money import cents, exact, sums
from tests.controller.questions import Answer, month_of, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.entries import Installment

BUCKETS = {
    "1 a 30 dias": "de_1_a_30_dias",
    "31 a 60 dias": "de_31_a_60_dias",
    "61 a 90 dias": "de_61_a_90_dias",
    "91 a 180 dias": "de_91_a_180_dias",
    "181 a 360 dias": "de_181_a_360_dias",
    "Mais de 360 dias": "mais_de_360_dias",
}
AGED = tuple(BUCKETS.values())
PROVIDED = ("valor_presente", "valor_pdd")


def by_age(part: Installment) -> tuple[Decimal, ...]:
    """Put a balance into the column of its age."""
    return tuple(part.balance if part.age == age else Decimal(0) for age in BUCKETS)


def late(books: Books) -> list[Installment]:
    """Give what customers should have paid already, forecasts left out."""
    return [part for part in books.receivable if part.is_late and not part.forecast]


@question("Contas a receber vencidas, por idade e cliente")
def overdue_by_customer(books: Books) -> Iterator[Answer]:
    """Only what is overdue, under the age of each installment."""
    found = late(books)
    yield Answer(
        "marts.inadimplencia",
        ("codigo_cliente",),
        ("saldo_vencido", "parcelas_vencidas", *AGED),
        sums(((part.party,), (part.balance, 1, *by_age(part))) for part in found),
    )
    owed = sums(((part.party,), (part.corrected, 1)) for part in found)
    largest = sorted(owed.values(), reverse=True)[:20]
    yield Answer(
        "maiores_devedores",
        ("codigo_cliente",),
        ("saldo_corrigido", "parcelas_vencidas"),
        {key: value for key, value in owed.items() if value >= largest[-1]} if largest else {},
    )
    yield Answer(
        "marts.cliente_360",
        ("codigo_cliente",),
        ("saldo_aberto", "saldo_vencido", "valor_recebido"),
        sums(
            ((part.party,), (part.balance, part.balance if part.is_late else 0, part.cash))
            for part in books.receivable
            if not part.forecast
        ),
    )


@question("Contas a receber vencidas, por idade e empreendimento")
def overdue_by_development(books: Books) -> Iterator[Answer]:
    """The development is that of the sales contract whose bill it is."""
    found = late(books)
    yield Answer(
        "marts.inadimplencia",
        ("codigo_empreendimento", "codigo_empresa"),
        ("saldo_vencido", "saldo_corrigido", *AGED),
        sums(
            ((part.work, part.company), (part.balance, part.corrected, *by_age(part)))
            for part in found
        ),
    )
    names = books.names("enterprises")
    yield Answer(
        "inadimplencia_por_idade",
        ("empreendimento",),
        ("total", *AGED),
        sums(
            ((names.get(part.work, "Sem contrato de venda"),), (part.balance, *by_age(part)))
            for part in found
        ),
    )


@question("Posição da carteira a receber, por empresa e situação")
def open_by_company(books: Books) -> Iterator[Answer]:
    """Open, overdue and received; forecasts apart."""

    def state(part: Installment) -> str:
        return "Vencida" if part.is_late else "A vencer" if part.is_open else "Baixada"

    yield Answer(
        "marts.fato_parcelas_receber",
        (
            "codigo_empresa",
            "documento_previsao",
            lambda row: (
                row["situacao"] if row["situacao"] in {"Vencida", "A vencer"} else "Baixada"
            ),
        ),
        ("valor_original", "saldo_bruto", "saldo", "valor_recebido", "valor_baixado_sem_caixa"),
        sums(
            (
                (part.company, part.forecast, state(part)),
                (part.original, part.open, part.balance, part.cash, part.without_cash),
            )
            for part in books.receivable
        ),
    )
    names = books.names("enterprises")
    yield Answer(
        "carteira_por_empreendimento",
        ("empreendimento",),
        ("recebido", "vencido", "a_vencer"),
        sums(
            (
                (names.get(part.work, "Sem contrato de venda"),),
                (
                    part.cash,
                    part.balance if part.is_late else 0,
                    part.balance if part.is_open and not part.is_late else 0,
                ),
            )
            for part in books.receivable
            if not part.forecast
        ),
    )


@question("Recebimentos previstos, por mês de vencimento e empreendimento")
def expected_receipts(books: Books) -> Iterator[Answer]:
    """What becomes due from today to the end of the eleventh month after this one."""
    end = books.day.replace(day=1, year=books.day.year + 1).isoformat()
    names = books.names("enterprises")
    yield Answer(
        "recebimentos_previstos",
        ("mes", "empreendimento"),
        ("saldo", "saldo_corrigido", "parcelas"),
        sums(
            (
                (month(part.due), names.get(part.work, "Sem contrato de venda")),
                (part.balance, part.corrected, 1),
            )
            for part in books.receivable
            if part.is_open and not part.is_late and not part.forecast and part.due
            if part.due < end
        ),
    )
    yield Answer(
        "marts.fato_parcelas_receber",
        (month_of("data_vencimento"), "permuta"),
        ("saldo",),
        sums(
            ((month(part.due), part.swap), (part.balance,))
            for part in books.receivable
            if part.is_open and not part.is_late
        ),
        where=lambda row: row["situacao"] == "A vencer",
    )


def rated(owed: Decimal, left: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Add how many percent are left; none of nothing."""
    rate = 100 * left / owed if owed else Decimal(0)
    return owed, left, rate.quantize(Decimal("0.1"), "ROUND_HALF_UP")


@question("Taxa de inadimplência, por mês de vencimento")
def default_rate(books: Books) -> Iterator[Answer]:
    """Of what became due in each of the last twelve months, what is still open.

    What was cancelled, or replaced by other installments, did not become due.
    """
    end = books.day.replace(day=1)
    begin = end.replace(year=end.year - 1)
    due = sums(
        ((month(part.due),), (part.effective, part.balance))
        for part in books.receivable
        if part.due and begin.isoformat() <= part.due < end.isoformat() and not part.forecast
    )
    yield Answer(
        "taxa_inadimplencia",
        ("mes",),
        ("valor_vencido_no_mes", "saldo_em_aberto", "taxa_percentual"),
        {(when,): rated(*due.get((when,), (Decimal(0), Decimal(0)))) for when in year_from(begin)},
    )


@question("Carteira atualizada, com multa, juros, valor presente e provisão")
def portfolio(books: Books) -> Iterator[Answer]:
    """A fine of 2 % and interest of 1 % a month where the contract says nothing else."""
    provisions = dict(zip(AGES, (0, 1, 3, 10, 50, 100, 100), strict=True))

    def values(part: Installment) -> tuple[Decimal, ...]:
        contract = books.contracts_of_bills.get(part.bill, {})
        fine = exact(contract.get("fineRate", 2)) if part.days_late else exact(0)
        monthly = exact(contract.get("interestPercentage", 1))
        ahead = (date.fromisoformat(part.due or books.today) - books.day).days
        added = (
            cents(part.balance * fine / 100),
            cents(part.balance * monthly / 100 * part.days_late / 30),
        )
        present = (
            part.balance + sum(added)
            if part.is_late
            else cents(part.balance / Decimal("1.01") ** (exact(ahead) / 30))
        )
        provision = cents(part.balance * provisions[part.age] / 100)
        return part.open or exact(0), part.balance, sum(added, exact(0)), present, provision

    told = [part for part in books.receivable if part.is_open and not part.forecast]
    yield Answer(
        "marts.carteira_receber",
        ("codigo_empresa", "faixa_atraso"),
        ("saldo_bruto", "saldo", lambda row: row["multa"] + row["juros"], *PROVIDED),
        sums(((part.company, part.age), values(part)) for part in told),
    )
    yield Answer(
        "carteira_atualizada",
        ("faixa_atraso",),
        ("saldo_bruto", "saldo", "multa_e_juros", *PROVIDED),
        sums(((part.age,), values(part)) for part in told),
    )


@question("Recebido e pago, em dinheiro e sem caixa, por mês")
def settled(books: Books) -> Iterator[Answer]:
    """Every settlement in the month of its day; a reversal takes off what it reverses."""
    yield Answer(
        "marts.fato_baixas",
        ("lado", month_of("data_baixa"), "caixa", "tipo_baixa"),
        ("valor_liquido", "valor_bruto"),
        sums(
            (
                (
                    part.side,
                    month(each.day),
                    each.cash,
                    "Permuta" if part.swap and each.kind == "Recebimento" else each.kind,
                ),
                (each.net, each.gross),
            )
            for part in books.installments
            for each in part.settlements
        ),
    )

    def paid(part: Installment) -> Decimal:
        # REST tells no payments, only that nothing is left.
        return part.original if books.by_rest and part.open == 0 else part.cash

    yield Answer(
        "marts.fato_contas_pagar",
        ("codigo_empresa", "codigo_credor"),
        ("valor_pago", "valor_baixado_sem_caixa"),
        sums(
            ((part.company, part.party), (paid(part), part.without_cash)) for part in books.payable
        ),
    )
