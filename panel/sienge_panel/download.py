"""A whole table as a file, made and sent piece by piece: for Excel as people here have it."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Composable, Literal
from xlsxwriter import Workbook

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg
    from xlsxwriter.worksheet import Worksheet

    from sienge_panel.catalog import Column, Relation

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which Excel knows that a file is UTF-8."""

DANGEROUS = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
"""What a program that opens the file could take for a formula."""

WHOLE, DECIMAL = {"smallint", "integer", "bigint"}, {"numeric", "double precision", "real"}

MOST_ROWS, LONGEST, MOST_DIGITS = 1_048_575, 32_767, 15
"""Of a sheet below its header, of a cell, and of a number that Excel keeps as it is."""

PIECE = 1 << 18
"""Bytes that are sent at once."""

TURN = Lock()
"""One spreadsheet at a time: it takes a core and room on the disk."""


def harmless(text: Composable) -> Composable:
    """Give the expression of a text that no program takes for a formula."""
    return SQL("case when {0} ~ {1} then '''' || {0} else {0} end").format(text, Literal(DANGEROUS))


def comma(column: Column, text: Composable) -> Composable:
    """Give the expression of a cell of the CSV."""
    if column.hidden or column.type not in {*WHOLE, *DECIMAL, "boolean"}:
        return harmless(text)
    if column.type == "boolean":
        return SQL("case {} when 'true' then 'sim' when 'false' then 'não' end").format(text)
    return SQL("replace({}, '.', ',')").format(text) if column.type in DECIMAL else text


def csv(connection: psycopg.Connection[Any], relation: Relation) -> Iterator[bytes]:
    """Give the table as CSV: semicolons, decimal commas, and a mark that Excel understands."""
    pairs = zip(relation.columns, relation.cells, strict=True)
    cells = SQL(", ").join(comma(column, cell) for column, cell in pairs)
    names = SQL(", ").join(harmless(Literal(column.name)) for column in relation.columns)
    options = SQL("to stdout with (format csv, delimiter ';')")
    yield BOM.encode()
    for query in (
        SQL("copy (select {}) {}").format(names, options),
        SQL("copy (select {} from {}) {}").format(cells, relation.place, options),
    ):
        piece = bytearray()
        with connection.cursor().copy(query) as copy:
            for data in copy:
                piece += data
                if len(piece) > PIECE:
                    yield bytes(piece)
                    piece.clear()
        yield bytes(piece)


def xlsx(connection: psycopg.Connection[Any], relation: Relation, folder: Path) -> Iterator[bytes]:
    """Give the table as a spreadsheet; its rows wait in files until all are there."""
    with TURN, TemporaryDirectory(dir=folder) as place:
        file = Path(place, "tabela.xlsx")
        options = {"constant_memory": True, "tmpdir": place}
        with Workbook(str(file), options) as book:
            fill(book, relation.columns, texts(connection, relation))
        with file.open("rb") as content:
            while piece := content.read(PIECE):
                yield piece


def check_turn() -> None:
    """Make sure that no spreadsheet is being made.

    Raises:
        ProblemError: One is.
    """
    if TURN.locked():
        raise ProblemError("Outra planilha está sendo feita: espere que termine, ou baixe o CSV.")


def texts(
    connection: psycopg.Connection[Any], relation: Relation
) -> Iterator[Sequence[str | None]]:
    """Give the cells of all rows as texts, a few thousand rows at a time."""
    with connection.cursor(name="tabela") as cursor:
        cursor.itersize = 2_000
        cells = SQL(", ").join(relation.cells)
        yield from cursor.execute(SQL("select {} from {}").format(cells, relation.place))


def fill(book: Any, columns: Sequence[Column], rows: Iterator[Sequence[str | None]]) -> None:  # noqa: ANN401
    """Write rows into sheets of a book, as many as they take."""
    bold = book.add_format({"bold": True})
    formats = {
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "timestamp without time zone": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
    }
    writers = [_writer(column, formats) for column in columns]
    sheet: Any = None
    for number, row in enumerate(rows):
        line = number % MOST_ROWS + 1
        if line == 1:
            sheet = _sheet(book, columns, bold)
        for place, (write, text) in enumerate(zip(writers, row, strict=True)):
            if text is not None:
                write(sheet, line, place, text)
    if sheet is None:
        _sheet(book, columns, bold)


def _sheet(book: Any, columns: Sequence[Column], bold: Any) -> Any:  # noqa: ANN401
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)
    return sheet


def _writer(
    column: Column, formats: dict[str, Any]
) -> Callable[[Worksheet, int, int, str], object]:
    """Give what writes a cell of a column; what does not fit its type is written as text."""
    if column.hidden:
        return _text
    if column.type in {*WHOLE, *DECIMAL}:
        return _number
    if column.type == "boolean":
        return lambda sheet, line, place, text: sheet.write_boolean(line, place, text == "true")
    if column.type not in formats:
        return _text

    def moment(sheet: Worksheet, line: int, place: int, text: str) -> None:
        with suppress(ValueError):
            found = datetime.fromisoformat(text)
            if found.year >= 1900:
                sheet.write_datetime(line, place, found, formats[column.type])
                return
        _text(sheet, line, place, text)

    return moment


def _text(sheet: Worksheet, line: int, place: int, text: str) -> None:
    sheet.write_string(line, place, text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _number(sheet: Worksheet, line: int, place: int, text: str) -> None:
    value = float(text)
    if math.isfinite(value) and len(text.lstrip("-").split(".")[0]) <= MOST_DIGITS:
        sheet.write_number(line, place, value)
    else:
        _text(sheet, line, place, text)
