"""What is owed to creditors, and what goes through the banks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.controller.entries import month, year_from
from tests.controller.money import cents, split, sums, total
from tests.controller.questions import Answer, month_of, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.money import Key


@question("Contas a pagar em aberto e vencidas, por credor")
def open_by_creditor(books: Books) -> Iterator[Answer]:
    """The balance of Sienge's "Contas a Pagar (por Credor) Sintético", forecasts apart."""
    yield Answer(
        "marts.fato_contas_pagar",
        ("codigo_credor", "documento_previsao", "situacao", "faixa_atraso"),
        ("saldo", "saldo_bruto", "saldo_corrigido"),
        sums(
            (
                (part.party, part.forecast, "Vencida" if part.is_late else "A vencer", part.age),
                (part.balance, part.open, part.corrected),
            )
            for part in books.payable
            if part.is_open
        ),
        where=lambda row: row["situacao"] in {"Vencida", "A vencer"},
    )
    yield Answer(
        "contas_a_pagar_vencidas",
        ("codigo_credor",),
        ("saldo_vencido", "parcelas", "ainda_sem_autorizacao"),
        sums(
            ((part.party,), (part.balance, 1, part.balance if part.authorized is False else 0))
            for part in books.payable
            if part.is_late and not part.forecast
        ),
    )


@question("Contas a pagar, por mês de vencimento e empresa")
def due_by_month(books: Books) -> Iterator[Answer]:
    """What is still to be paid, by the month in which it is due."""
    yield Answer(
        "marts.fato_contas_pagar",
        (month_of("data_vencimento"), "codigo_empresa", "autorizada"),
        ("saldo", "valor_original"),
        sums(
            ((month(part.due), part.company, part.authorized), (part.balance, part.original))
            for part in books.payable
        ),
    )
    last = (books.day + timedelta(30)).isoformat()
    yield Answer(
        "contas_a_pagar_30_dias",
        ("numero_titulo", "codigo_parcela", "documento_previsao", "autorizada"),
        ("saldo",),
        sums(
            ((part.bill, part.number, part.forecast, part.authorized), (part.balance,))
            for part in books.payable
            if part.is_open and part.due and books.today <= part.due <= last
        ),
    )


@question("Fluxo de caixa realizado, por mês e empresa")
def realised(books: Books) -> Iterator[Answer]:
    """What went through the banks; what only changed accounts is told apart."""
    found: list[tuple[Key, tuple[Any, ...]]] = []
    for move in books.movements:
        if move.amount is None:
            continue
        for _, plan, part in split(move.amount, move.shares):
            kind = "Entre contas" if books.between_own(move, plan) else "Realizado"
            inflow, outflow = max(part, Decimal(0)), max(-part, Decimal(0))
            found.append(((month(move.day), move.company, kind), (inflow, outflow, part)))
    yield Answer(
        "marts.fluxo_caixa",
        ("mes", "codigo_empresa", "natureza"),
        ("entradas", "saidas", "saldo"),
        sums(found),
        where=lambda row: row["natureza"] in {"Realizado", "Entre contas"},
    )


@question("Fluxo de caixa previsto, por mês e empresa")
def expected(books: Books) -> Iterator[Answer]:
    """What is open on both sides, by when it is due; what is overdue and forecasts apart."""
    found: list[tuple[Key, tuple[Any, ...]]] = []
    for part in books.installments:
        if part.is_open:
            kind = "Previsão" if part.forecast else "Vencido" if part.is_late else "Previsto"
            inflow = part.balance if part.side == "Receber" else Decimal(0)
            outflow = part.balance - inflow
            key = month(part.due), part.company, kind
            found.append((key, (inflow, outflow, inflow - outflow)))
    yield Answer(
        "marts.fluxo_caixa",
        ("mes", "codigo_empresa", "natureza"),
        ("entradas", "saidas", "saldo"),
        sums(found),
        where=lambda row: row["natureza"] in {"Previsto", "Vencido", "Previsão"},
    )


def last_balances(books: Books) -> dict[Key, tuple[str, Decimal, Decimal]]:
    """Give the balances that were read last of each account, which are today's."""
    found: dict[Key, tuple[str, Decimal, Decimal]] = {}
    for row in books.records("accounts_balances"):
        key, told = (row["companyId"], row["accountNumber"]), row["balanceDate"]
        if key not in found or told > found[key][0]:
            found[key] = told, cents(row["amount"]), cents(row["reconciledAmount"])
    return found


@question("Fluxo de caixa de 12 meses, com o saldo inicial das contas")
def twelve_months(books: Books) -> Iterator[Answer]:
    """From what is in the banks today, month by month; neither overdue nor forecast."""
    balance = total(amount for _, amount, _ in last_balances(books).values())
    end = books.day.replace(day=1, year=books.day.year + 1).isoformat()
    months = sums(
        (
            (month(part.due),),
            (part.balance if part.side == "Receber" else 0,
             part.balance if part.side == "Pagar" else 0),
        )
        for part in books.installments
        if part.is_open and not part.is_late and not part.forecast
        if part.due and part.due < end
    )  # fmt: skip
    expected: dict[Key, tuple[Decimal, ...]] = {}
    for when in year_from(books.day):
        inflow, outflow = months.get((when,), (Decimal(0), Decimal(0)))
        balance += inflow - outflow
        expected[when,] = inflow, outflow, inflow - outflow, balance
    yield Answer(
        "fluxo_caixa_12_meses",
        ("mes",),
        ("entradas", "saidas", "saldo_do_mes", "saldo_acumulado"),
        expected,
    )


@question("Saldos bancários, por conta")
def bank_balances(books: Books) -> Iterator[Answer]:
    """The balances read, and what every day of an account moved."""
    balances = last_balances(books)
    yield Answer(
        "saldos_bancarios",
        ("numero_conta_corrente", "data_saldo"),
        ("saldo_conta", "saldo_conciliado_conta"),
        sums(
            ((account, day), (amount, reconciled))
            for (_, account), (day, amount, reconciled) in balances.items()
        ),
    )
    yield Answer(
        "marts.saldos_bancarios",
        ("codigo_empresa", "numero_conta_corrente", "data"),
        ("saldo", "saldo_a_conciliar"),
        {
            (*key, day): (amount, amount - reconciled)
            for key, (day, amount, reconciled) in balances.items()
        },
        where=lambda row: row["saldo_lido"] is not None,
    )
    yield Answer(
        "marts.saldos_bancarios",
        ("codigo_empresa", "numero_conta_corrente", "data"),
        ("entradas", "saidas", "valor_sem_titulo"),
        sums(
            (
                (move.company, move.account, move.day),
                (max(part, Decimal(0)), max(-part, Decimal(0)), 0 if move.billed else part),
            )
            for move in books.movements
            if move.amount is not None
            for _, _, part in split(move.amount, move.shares)
        ),
    )


@question("Gastos, por mês, centro de custo e plano financeiro")
def spent(books: Books) -> Iterator[Answer]:
    """What left the banks, apportioned; transfers, investments and redemptions left out."""
    centres = books.names("cost_centers")
    plans = books.names("payment_categories")
    found = [
        (move, centre, plan, -part)
        for move in books.movements
        if move.amount is not None and move.amount < 0
        for centre, plan, part in split(move.amount, move.shares)
        if not books.between_own(move, plan)
    ]
    yield Answer(
        "gastos_por_centro_custo",
        ("mes", "centro_custo", "plano_financeiro"),
        ("gasto",),
        sums(
            (
                (
                    month(move.day),
                    centres.get(centre, "Sem centro de custo"),
                    plans.get(plan, "Sem plano financeiro"),
                ),
                (part,),
            )
            for move, centre, plan, part in found
        ),
    )
    year_ago = books.day.replace(year=books.day.year - 1).isoformat()
    before = books.day.replace(year=books.day.year - 2).isoformat()
    yield Answer(
        "despesas_por_plano_financeiro",
        ("codigo_plano_financeiro",),
        ("gasto_12_meses", "gasto_anterior"),
        sums(
            ((plan,), (part if move.day > year_ago else 0, part if move.day <= year_ago else 0))
            for move, _, plan, part in found
            if before < move.day <= books.today
        ),
    )
