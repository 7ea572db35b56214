"""The table of questions, and what an answer to one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.controller.entries import month

if TYPE_CHECKING:
    from tests.controller.books import Books
    from tests.controller.money import Sums

Row = dict[str, Any]
Column = str | Callable[[Row], Any]


@dataclass(frozen=True)
class Answer:
    """What a mart (``marts.…``) or a ready question must show: columns summed by key."""

    source: str
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]
    expected: Sums
    where: Callable[[Row], bool] = lambda _: True


@dataclass(frozen=True)
class Question:
    """A question, by the name of its report, and the function that answers it."""

    name: str
    answers: Callable[[Books], Iterator[Answer]]


QUESTIONS: list[Question] = []


def question(
    name: str,
) -> Callable[[Callable[[Books], Iterator[Answer]]], Callable[[Books], Iterator[Answer]]]:
    """Put a function into the table of questions."""

    def add(answers: Callable[[Books], Iterator[Answer]]) -> Callable[[Books], Iterator[Answer]]:
        QUESTIONS.append(Question(name, answers))
        return answers

    return add


def month_of(column: str) -> Callable[[Row], Any]:
    """Give the month of a column of days."""

    def key(row: Row) -> str | None:
        day = row[column]
        return month(day.isoformat()) if day else None

    return key
