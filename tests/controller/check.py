"""Reads marts and ready questions, and compares them with the controller's answers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from tests.controller import payables, purchases, receivables, results, sales, works  # noqa: F401
from tests.controller.money import cents, exact
from tests.controller.questions import QUESTIONS, Answer, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.controller.books import Books
    from tests.controller.money import Key, Sums
    from tests.controller.questions import Column

READY = Path(__file__).parents[2] / "bi" / "consultas"


def rows(database: str, source: str) -> list[Row]:
    """Give the rows of a mart or of a ready question, as a reader in São Paulo sees them."""
    query = (
        f"select * from {source}"
        if source.startswith("marts.")
        else (READY / f"{source}.sql").read_text("utf-8")
    )
    with psycopg.connect(database, row_factory=dict_row) as connection:
        connection.execute("set timezone = 'America/Sao_Paulo'")
        return connection.execute(query).fetchall()


def value(row: Row, column: Column) -> Any:  # noqa: ANN401
    """Give a column of a row, or what a function makes of the row."""
    found = row[column] if isinstance(column, str) else column(row)
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, Decimal) and found == found.to_integral_value():
        return int(found)
    return found


def told(answer: Answer, found: list[Row]) -> Sums:
    """Sum the columns that an answer is about."""
    parts: defaultdict[Key, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(answer.columns))
    for row in found:
        if answer.where(row):
            key = tuple(value(row, column) for column in answer.keys)
            for place, column in enumerate(answer.columns):
                parts[key][place] += exact(value(row, column))
    return {key: tuple(map(cents, each)) for key, each in parts.items()}


def differences(answer: Answer, found: Sums) -> Iterator[str]:
    """Tell where a mart says something else than the controller."""
    for key in answer.expected.keys() | found.keys():
        nothing = (Decimal(0),) * len(answer.columns)
        expected = tuple(map(cents, answer.expected.get(key, nothing)))
        if (got := found.get(key, nothing)) != expected:
            yield f"{answer.source} {key}: {list(map(str, got))}, não {list(map(str, expected))}"


def asked(books: Books) -> dict[str, list[Answer]]:
    """Answer every question, by name."""
    return {question.name: list(question.answers(books)) for question in QUESTIONS}


def disagreements(answers: dict[str, list[Answer]], database: str) -> dict[str, list[str]]:
    """Tell where the database's answers differ, by question."""
    known: dict[str, list[Row]] = {}
    found: dict[str, list[str]] = {}
    for name, each in answers.items():
        for answer in each:
            if answer.source not in known:
                known[answer.source] = rows(database, answer.source)
            found.setdefault(name, []).extend(
                differences(answer, told(answer, known[answer.source]))
            )
    return {name: different for name, different in found.items() if different}
