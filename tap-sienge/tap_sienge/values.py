"""The one place that turns what Sienge answers into what the schemas promise.

A schema file describes a stream in the API's own names. From it come the table that a target sees
(snake_case columns, nested values as plain objects and arrays) and a converter for its records.
Facts: FACTS.md, "Quirks to live with".
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache, lru_cache
from math import isfinite
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from tap_sienge.keys import KEY

Record = dict[str, Any]
Convert = Callable[[Any], Any]

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
"""Sienge's clock: date-times land in this zone, without offset."""

EXTRA = "_extra"
"""Column for fields that no schema knows and for values of the wrong type, as they came."""

BIGINT = 2**63

ERROR_FIELDS = {"status", "developermessage", "clientmessage", "errors", "error", "message",
                "code", "field", "timestamp", "path", "type"}  # fmt: skip
"""Fields, in small letters, of the API's own error body and of those of gateways: none of them
tells that an object is a record."""

EMPTY = (None, "")
"""How Sienge writes that there is no value."""

DEEPEST = 100
"""Levels of nesting that every target and database takes."""


@cache
def snake_case(name: str) -> str:
    """Give the column name of an API field: ``buildingID`` is ``building_id``.

    Without accents and what no name should have, such as the ``;`` that some documents write.
    """
    name = re.sub(r"\W", "", unicodedata.normalize("NFKD", name), flags=re.ASCII)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def clean(text: str) -> str | None:
    """Strip blanks; empty text is no value."""
    return text.strip() or None


def shallow(value: Any, levels: int = DEEPEST) -> Any:  # noqa: ANN401
    """Keep a value of unknown shape as it is, but as text what targets round or refuse.

    That is a number beyond 64 bits, and what is nested too deeply (its JSON text).
    """
    if type(value) is int and not -BIGINT <= value < BIGINT:
        return str(value)
    if not isinstance(value, (dict, list)):
        return value
    if not levels:  # in a thread, which may go as deep as the one that read it
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(json.dumps, value, ensure_ascii=False).result()
    if isinstance(value, dict):
        return {name: shallow(item, levels - 1) for name, item in value.items()}
    return [shallow(item, levels - 1) for item in value]


def string(value: Any) -> str | None:  # noqa: ANN401
    """Text, without surrounding blanks; a number becomes its digits."""
    if type(value) is str:
        return value.strip() or None
    if type(value) in {int, float}:
        return str(value)
    raise ValueError(value)


def integer(value: Any) -> int | None:  # noqa: ANN401
    """Whole number, also from padded digits (``"0012"``) or a float without fraction."""
    if type(value) is not int:
        if type(value) is str:
            text = clean(value)
            if text is None:
                return None
            value = int(text) if re.fullmatch(r"[+-]?\d+", text) else number(text)
        if type(value) is float and value.is_integer():
            value = int(value)
    if type(value) is int and -BIGINT <= value < BIGINT:
        return value
    raise ValueError(value)


def number(value: Any) -> float | None:  # noqa: ANN401
    """Number, also from text in Brazilian (``1.234,56``) or plain (``1234.56``) notation."""
    if type(value) in {float, int}:
        return value  # type: ignore[no-any-return]
    if type(value) is str:
        text = clean(value)
        if text is None:
            return None
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d+,\d+", text):
            text = text.replace(".", "").replace(",", ".")
        if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        if re.fullmatch(r"[+-]?(\d+\.\d*|\.\d+|\d+(\.\d+)?[eE][+-]?\d+)", text) and isfinite(
            float(text)
        ):
            return float(text)
    raise ValueError(value)


TAXPAYER = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d\d|[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}/[\dA-Z]{4}-\d\d"
)

TAXPAYERS = re.compile("cpf|cnpj|cpnj|^document$")
"""Names of fields that may hold one, typing errors of the API included."""


def taxpayer(value: Any) -> str | None:  # noqa: ANN401
    """CPF or CNPJ without punctuation, which the API gives or not; other text stays as it is."""
    text = string(value)
    return re.sub(r"[./-]", "", text) if text and TAXPAYER.fullmatch(text) else text


BOOLEANS = {"true": True, "s": True, "sim": True, "1": True,
            "false": False, "n": False, "não": False, "nao": False, "0": False}  # fmt: skip


def boolean(value: Any) -> bool | None:  # noqa: ANN401
    """Truth, also from ``"S"``/``"N"`` and the like."""
    if type(value) is bool:
        return value
    if type(value) in {str, int}:
        text = clean(str(value))
        return None if text is None else BOOLEANS[text.lower()]
    raise ValueError(value)


ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)")
"""A day with the zone in which it was written; Python would read the zone as a time."""


def moment(text: str) -> datetime | None:
    """Read a date or a moment in any of the API's notations, with its zone if it gives one."""
    try:
        if text[10:11] in {"", "T", " "}:
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    text = text.strip()
    if not text:
        return None
    text = re.sub(r"^(\d{2})/(\d{2})/(\d{4})", r"\3-\2-\1", text)
    text = re.sub(r"(\.\d{1,6})\d*", lambda fraction: fraction[1].ljust(7, "0"), text)
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text.replace("Z", "+00:00"))
    if day_alone := ZONED_DAY.fullmatch(text):
        text = day_alone[1]
    return datetime.fromisoformat(text.replace(" ", "T", 1))


@lru_cache(maxsize=16384)
def day(value: str) -> str | None:
    """Give ``yyyy-MM-dd`` for a date in any of the API's notations."""
    found = moment(value)
    if found and found.tzinfo and found.time() != found.min.time():
        found = found.astimezone(SAO_PAULO)  # midnight of any zone stands for the day as written
    return found.date().isoformat() if found else None


@lru_cache(maxsize=16384)
def date_time(value: str) -> str | None:
    """Give ``yyyy-MM-ddTHH:mm:ss`` in São Paulo's local time."""
    found = moment(value)
    if found and found.tzinfo:
        found = found.astimezone(SAO_PAULO).replace(tzinfo=None)
    return found.isoformat() if found else None


MOST = 200
"""Different sentences that a report holds."""


class Report(Counter[str]):
    """What did not fit the schema in this run: sentence → number of times."""

    def __init__(self) -> None:
        """Start with nothing to tell."""
        super().__init__()
        self._lock = threading.Lock()

    def count(self, sentence: str) -> None:
        """Count something once more; called by any thread."""
        with self._lock:
            known = sentence[:300] if len(self) < MOST or sentence in self else "outros avisos"
            self[known] += 1

    def unknown(self, path: str) -> None:
        """Count a field that the schema does not know."""
        self.count(f"campo não documentado: {path or '(sem nome)'}")

    def misfit(self, path: str, expected: str) -> None:
        """Count a value that is not of its field's type and cannot be made so."""
        self.count(f"valor que não é {expected}: {path}")


SCALARS: dict[str, tuple[Convert, str]] = {
    "string": (string, "texto"),
    "integer": (integer, "número inteiro"),
    "number": (number, "número"),
    "boolean": (boolean, "sim ou não"),
    "date": (day, "data"),
    "date-time": (date_time, "data e hora"),
}
MISFIT = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


def kind(schema: Record) -> str:
    """Give the one type of a property: its format if it is a date, else its JSON type."""
    types = schema["type"]
    base: str = types if isinstance(types, str) else next(t for t in types if t != "null")
    return schema.get("format", base) if base == "string" else base


def is_personal(field: Record) -> bool:
    """Whether a property, or one nested in it, is marked as personal data."""
    nested = field.get("items", field).get("properties", {})
    return "x-personal" in field or any(is_personal(inner) for inner in nested.values())


class Table:
    """A stream's columns and the conversion of its records, compiled from its schema file."""

    def __init__(self, schema: Record, *, calculated_key: bool = False) -> None:
        """Compile ``schema``, a JSON schema whose properties carry the API's field names."""
        self.report = Report()
        properties: Record = schema["properties"]
        self.fields = set(properties)
        paths = [
            field["x-from"].split(".")[0] for field in properties.values() if "x-from" in field
        ]
        telling = {name.lower().rstrip(";") for name in [*properties, *paths]}
        self._telling = telling - ERROR_FIELDS
        self._secrets = [name for name, field in properties.items() if field.get("x-secret")]
        properties = {k: field for k, field in properties.items() if k not in self._secrets}
        names = {name: f.get("x-column", snake_case(name)) for name, f in properties.items()}
        self.personal = {names[name] for name, field in properties.items() if is_personal(field)}
        """Columns that hold personal data, also inside of nested values."""
        self.described = {names[name]: field for name, field in properties.items()}
        """Columns with their fields' part of the schema file."""
        self.kinds = {names[name]: kind(field) for name, field in properties.items()}
        # Without "properties" and "items", targets land nested values as json, not as text[].
        columns = {
            names[name]: {key: field[key] for key in ("type", "format", "title") if key in field}
            for name, field in properties.items()
        }
        if calculated_key:
            columns[KEY] = {"type": ["string"], "title": "Chave calculada do conteúdo"}
        columns[EXTRA] = {"type": ["object", "null"], "title": "Campos não documentados"}
        self.schema = {
            "type": "object",
            "title": schema["title"],
            "description": schema["description"],
            "properties": columns,
        }
        self._blank = dict.fromkeys(columns)
        self._split = self._object(properties, "", lambda name: names[name])
        self.from_path = [name for name, field in properties.items() if field.get("x-path")]
        self.nested = {f["x-nested"]: name for name, f in properties.items() if "x-nested" in f}
        """Fields of the objects of a nested list → their names in a row."""
        self._deep = {n: f["x-from"].split(".") for n, f in properties.items() if "x-from" in f}

    def knows(self, body: Record) -> bool:
        """Whether an object has a field of this table that no error body has."""
        return not self._telling.isdisjoint(name.lower() for name in body)

    def convert(self, record: Record, context: Record) -> Record:
        """Turn a record of the API into a row; no value makes it fail.

        ``context`` gives the parameters of the request, for columns that only its path tells.
        """
        if self.from_path:
            record = record | {name: context[name] for name in self.from_path if name in context}
        for name, path in self._deep.items():
            record = record | {name: dig(record, path)}
        for name in self._secrets:
            record = {key: value for key, value in record.items() if key != name}
        known, rest = self._split(record)
        row = self._blank | known
        if rest:
            row[EXTRA] = rest
        return row

    def _object(
        self, properties: Record, path: str, rename: Callable[[str], str]
    ) -> Callable[[Record], tuple[Record, Record]]:
        """Compile an object: a function to its converted fields and the rest, as it came."""
        fields = {
            name: (rename(name), *self._compile(schema, f"{path}{name}"))
            for name, schema in properties.items()
        }
        fields |= {name.rstrip(";"): field for name, field in fields.items()}
        spelled = {name.lower(): field for name, field in fields.items()}
        rels = [(name, schema["x-rel"]) for name, schema in properties.items() if "x-rel" in schema]
        report = self.report

        def split(record: Record) -> tuple[Record, Record]:
            known: Record = {}
            rest: Record = {}
            if rels:
                record = with_links(record, rels)
            for name, value in record.items():
                field = fields.get(name)
                if field is None:  # buildingID where the documents say buildingId
                    field = spelled.get(name.lower())
                    field = None if field and field[0] in known else field
                if field is None:
                    report.unknown(path + name)
                    rest[name] = shallow(value)
                    continue
                column, convert, expected = field
                if value is None or value == "":  # EMPTY; most values of most records
                    known[column] = None
                    continue
                try:
                    known[column] = convert(value)
                except MISFIT:
                    report.misfit(path + name, expected)
                    known[column] = None
                    rest[name] = shallow(value)
            return known, rest

        return split

    def _compile(self, schema: Record, path: str) -> tuple[Convert, str]:
        """Give the converter of a property and the name of what it expects."""
        of_type = kind(schema)
        if of_type == "array":
            item, _ = self._compile(schema["items"], f"{path}[]")

            def listed(value: Any) -> list[Any]:  # noqa: ANN401
                if type(value) is dict:
                    value = [value]  # an object that stands alone is a list of one
                if type(value) is not list:
                    raise ValueError(value)
                return [None if element in EMPTY else item(element) for element in value]

            return listed, "lista"
        if of_type == "object":
            split = self._object(schema["properties"], f"{path}.", str)

            def nested(value: Any) -> Record:  # noqa: ANN401
                if type(value) is not dict:
                    raise ValueError(value)
                known, rest = split(value)
                return known | rest if rest else known

            return nested, "objeto"
        if of_type == "string" and TAXPAYERS.search(path.rsplit(".", 1)[-1].lower()):
            return taxpayer, "texto"
        return SCALARS[of_type]


def with_links(record: Record, rels: list[tuple[str, str]]) -> Record:
    """Add the foreign keys that Sienge gives as ``links: [{rel, href}]``: href's last segment.

    A rel with slashes is looked for in ``href``: ``/itens/`` gives the segment after it.
    """
    links = record.get("links")
    if not isinstance(links, list):
        return record
    targets: Record = {}
    for link in (link for link in links if isinstance(link, dict)):
        href = str(link.get("href", ""))
        targets[str(link.get("rel"))] = unquote(href.rsplit("/", 1)[-1])
        for _, rel in rels:
            if rel[:1] == "/" and rel in href:
                targets[rel] = unquote(href.split(rel)[1].split("/")[0])
    found = {name: targets[rel] for name, rel in rels if rel in targets}
    return record | {name: key for name, key in found.items() if record.get(name) in EMPTY}


def dig(record: Any, path: list[str]) -> Any:  # noqa: ANN401
    """Give the value at the end of a path of field names."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def unnest(record: Record, path: str, names: Mapping[str, str]) -> Iterator[Record]:
    """Give one row for each object of a nested list, with the fields around the list.

    ``names`` gives other names to the objects' fields that clash with those around: ``id`` of an
    instalment is ``installmentId``.
    """
    *outer, name = path.split(".")
    for step in outer:
        inner = record.get(step)
        if isinstance(inner, dict):
            record = {key: value for key, value in record.items() if key != step} | inner
    objects = record.get(name)
    if not isinstance(objects, list) or not all(isinstance(item, dict) for item in objects):
        yield record
        return
    around = {key: value for key, value in record.items() if key != name}
    for item in objects or [{}]:
        yield around | {names.get(key, key): value for key, value in item.items()}
