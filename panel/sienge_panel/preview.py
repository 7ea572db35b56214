"""The first rows of a table: what an index finds in all of it, or what a sample of it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from sienge_panel.catalog import Column, Relation

SHOWN, SAMPLE, LONGEST = 50, 5_000, 300
"""Rows shown; rows looked through where no index helps; characters of a cell."""

Op = Literal["eq", "from", "to", "contains", "empty"]

COMPARED = {"eq": SQL("="), "from": SQL(">="), "to": SQL("<=")}
"""What an index serves, too."""


@dataclass(frozen=True)
class Wish:
    """Which rows to show, and in what order."""

    filter: Column | None
    op: Op
    value: str
    sort: Column | None
    down: bool

    @property
    def served(self) -> bool:
        """Whether an index finds them in the whole table without looking at others."""
        if self.filter is None:
            return self.sort is None or self.sort.indexed
        return (
            self.filter.indexed
            and self.op in COMPARED
            and (self.sort is None or self.sort.name == self.filter.name)
        )

    @property
    def condition(self) -> Composable:
        """What a row must fulfil."""
        if self.filter is None:
            return SQL("true")
        name = Identifier(self.filter.name)
        if self.op == "empty":
            return SQL("nullif({}::text, 'null') is null").format(name)
        if self.op == "contains":
            return SQL("{} ilike %(like)s").format(self.filter.cell)
        type_ = SQL(self.filter.type)  # as PostgreSQL wrote it
        return SQL("{} {} %(value)s::{}").format(name, COMPARED[self.op], type_)

    @property
    def order(self) -> Composable:
        """By what the rows are sorted; by the filter's column if need be, as its index is."""
        column = self.sort or (self.filter if self.served else None)
        if column is None:
            return SQL("")
        way = SQL(" desc") if self.down else SQL("")
        last = SQL("") if self.served else SQL(" nulls last")
        return SQL(" order by {}").format(Identifier(column.name)) + way + last

    @property
    def values(self) -> dict[str, str]:
        """The values of the query."""
        value = self.value.strip()
        if self.filter and self.op in COMPARED:
            value = understood(value, self.filter.kind)
        like = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {"value": value, "like": f"%{like}%"}


def query(relation: Relation, wish: Wish) -> Composed:
    """Give the query; whatever the wish, it looks at an index or at the rows of a sample."""
    cells = SQL(", ").join(SQL("left({}, {})").format(cell, LONGEST) for cell in relation.cells)
    place: Composable = relation.place
    if not wish.served:
        place = SQL("(select * from {} limit {}) as sample").format(place, SAMPLE)
    return SQL("select {} from {} where {}{} limit {}").format(
        cells, place, wish.condition, wish.order, SHOWN
    )


def rows(
    connection: psycopg.Connection[Any], relation: Relation, wish: Wish
) -> tuple[list[list[str | None]], bool]:
    """Give the cells of the rows, and whether the whole table was looked through.

    Raises:
        ProblemError: The value does not fit the column.
    """
    if wish.served and (wish.filter or wish.sort):
        connection.execute(
            "select set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', "
            "true), set_config('enable_bitmapscan', 'off', true)"
        )
    counting = SQL("select count(*) from (select from {} limit {}) as first_ones").format(
        relation.place, SAMPLE + 1
    )
    (count,) = connection.execute(counting).fetchone() or (0,)
    try:
        found = connection.execute(query(relation, wish), wish.values).fetchall()
    except (psycopg.DataError, psycopg.ProgrammingError):
        title, kind = (wish.filter.title, wish.filter.kind) if wish.filter else ("", "")
        raise ProblemError(
            f"O valor do filtro não serve para “{title}”, que é {kind}: use, por exemplo, "
            f"{EXAMPLES.get(kind, 'contém')}."
        ) from None
    return [list(row) for row in found], wish.served or count <= SAMPLE


EXAMPLES = {
    "inteiro": "123",
    "número": "1234,56",
    "data": "31/01/2026",
    "data e hora": "31/01/2026 08:00",
    "sim/não": "sim",
    "jsonb": "o filtro “contém”",
}
"""A value of each kind."""

DAY = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")


def understood(value: str, kind: str) -> str:
    """Give what a person wrote as PostgreSQL writes it."""
    if kind in {"data", "data e hora"}:
        return DAY.sub(r"\3-\2-\1", value)
    if kind in {"inteiro", "número"} and "," in value:
        return value.replace(".", "").replace(",", ".")
    if kind == "sim/não":
        return {"sim": "true", "não": "false", "nao": "false"}.get(value.lower(), value)
    return value
