"""What should land: the simulator's records as rows, and how rows differ from them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from tap_sienge.streams import STREAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_sienge.stream import SiengeStream

    from testing.simulator import Simulator

Row = dict[str, Any]


@cache
def column(name: str) -> str:
    """Give the column of an API field."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", letters)
    return words.replace(";", "").lower()


def plain(value: Any) -> Any:  # noqa: ANN401
    """Compare by meaning: no absent keys, links or empty containers, numbers as numbers."""
    if isinstance(value, dict):
        items = {name: plain(item) for name, item in value.items() if name != "links"}
        return {name: item for name, item in items.items() if item is not None} or None
    if isinstance(value, list):
        return [plain(item) for item in value] or None
    if isinstance(value, (date, datetime)):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, str) and (day := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", value)):
        return f"{day[3]}-{day[2]}-{day[1]}"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def stream_class(name: str) -> type[SiengeStream]:
    return next(stream for stream in STREAMS if stream.name == name)


def truth(simulator: Simulator, name: str) -> list[Row]:
    """True records of a stream, with the names that columns have, one for each row."""
    if name == "document_identifications":  # read only by the codes that others mention
        used = {bill["documentIdentificationId"] for bill in simulator.truth("bills")}
        used |= {row["documentId"] for row in simulator.truth("accounts_statements")}
        return [{"document_identification_id": code} for code in used if code]
    records = simulator.truth(name)
    if name == "accounts_balances":  # the position of the day
        last = max(record["balanceDate"] for record in records)
        records = [record for record in records if record["balanceDate"] == last]
    if name == "total_current_debit_balance":  # one row for each customer asked about
        records = [record | {"customerId": record["customer"]} for record in records]
    if name == "real_estate_map":  # its key is inside
        records = [record | record["enterpriseData"] for record in records]
    if nested := stream_class(name).nested:
        records = [row for record in records for row in unnested(record, nested)]
    return [{column(name): value for name, value in record.items()} for record in records]


PREFIX = {"paymentCategories": "paymentCategory"}


def unnested(record: Row, path: str) -> list[Row]:
    """Give a record's rows: its list's objects, each with what stands around the list."""
    *outer, name = path.split(".")
    prefix = PREFIX.get(name, "installment")
    around = dict(record)
    for step in outer:
        around |= around.pop(step)
    elements = around.pop(name)
    elements = [elements] if isinstance(elements, dict) else elements  # told one by one
    return [
        around
        | {
            (prefix + k[0].upper() + k[1:] if k in around or k == "id" else k): v
            for k, v in element.items()
        }
        for element in elements
    ]


def key_of(name: str, row: Row) -> tuple[Any, ...]:
    """Give what identifies a row: its key, or the columns that a calculated one is made of."""
    stream = stream_class(name)
    columns = stream.primary_keys if stream.content_key is None else stream.content_key
    return tuple(plain(row.get(found)) for found in columns or sorted(row))


def contents(rows: list[Row], columns: set[str]) -> list[str]:
    """Give rows in a form that compares them without a key."""
    return sorted(repr([plain(row.get(name)) for name in sorted(columns)]) for row in rows)


def differences(
    stream: str, rows: list[Row], expected: list[Row], *, vanished: bool = True
) -> Iterator[str]:
    """Tell how the rows that landed differ from the true ones, those that vanished or not."""
    if stream_class(stream).content_key == () and expected:
        columns = {name for name in expected[0] if not rows or name in rows[0]} - {"links"}
        missing = Counter(contents(expected, columns))
        missing.subtract(contents(rows, columns))
        yield from (f"{n:+d} of {row}" for row, n in missing.items() if n)
        return
    landed = {key_of(stream, row): row for row in rows}
    true = {key_of(stream, row): row for row in expected}
    yield from (f"missing: {key}" for key in true.keys() - landed.keys())
    if vanished:
        yield from (f"not marked: {key}" for key in landed.keys() - true.keys())
    for key in true.keys() & landed.keys():
        for name, value in true[key].items():
            cell = landed[key].get(name)
            if name in landed[key] and name != "links" and plain(cell) != plain(value):
                yield f"{key} {name}: {cell!r}, not {value!r}"
