"""How the tests of the data ask the panel for tables, files and figures."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import ZipFile

import psycopg
from sienge_panel.indicators import BY_ID

from tests.marts import cents

if TYPE_CHECKING:
    from testing.truth import Row
    from tests.panel import Browser, Panel

EVER = "since=1990-01&until=2099-12"


def execute(database: str, *statements: str) -> None:
    with psycopg.connect(database) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@cache
def visitor(panel: Panel) -> Browser:
    """Somebody who came in once."""
    return panel.browser()


def rows(panel: Panel, table: str, query: str = "") -> list[dict[str, str | None]]:
    found = visitor(panel).read(f"/api/tables/{table}/rows?{query}")
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def refused(panel: Panel, path: str) -> str:
    answer = visitor(panel).ask("GET", path)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


def file(panel: Panel, table: str) -> tuple[bytes, list[dict[str, str]]]:
    answer = visitor(panel).ask("GET", f"/api/tables/{table}/data.csv")
    assert answer.ok
    text = answer.content.decode("utf-8-sig")
    return answer.content, list(csv.DictReader(io.StringIO(text), delimiter=";"))


def sheet(panel: Panel, table: str) -> list[dict[str, tuple[str, str]]]:
    """Give the rows, each cell as its type and text by its column; none may hold a formula."""
    answer = visitor(panel).ask("GET", f"/api/tables/{table}/data.xlsx")
    assert answer.ok, answer.text
    with ZipFile(io.BytesIO(answer.content)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314, ours
    assert not root.findall(".//{*}f")
    header, *found = [
        {str(c.get("r")).rstrip("0123456789"): c for c in row.findall("{*}c")}
        for row in root.findall(".//{*}row")
    ]
    names = {place: "".join(cell.itertext()) for place, cell in header.items()}
    return [
        {names[at]: (c.get("t", "n"), "".join(c.itertext())) for at, c in row.items()}
        for row in found
    ]


def figures(panel: Panel, name: str, query: str = EVER) -> list[Row]:
    found = visitor(panel).read(f"/api/indicators/{name}?{query}")
    names = [part.name for part in BY_ID[name].columns]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def total(found: list[Row], *names: str) -> Decimal:
    return cents(sum(Decimal(str(row[name] or 0)) for row in found for name in names))
