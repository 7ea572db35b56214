"""The columns of a stream, and how a record of the API becomes a row of them.

A schema file describes a stream in the API's own names. From it come the table that a target sees
(snake_case columns, nested values as plain objects and arrays) and a converter for its records.
Facts: FACTS.md, "Quirks to live with".
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tap_sienge.keys import KEY
from tap_sienge.values import (
    EMPTY,
    MISFIT,
    SCALARS,
    Convert,
    Record,
    WarningCounter,
    shallow,
    taxpayer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EXTRA = "_extra"
"""Column for fields that no schema knows and for values of the wrong type, as they came."""

ERROR_FIELDS = {"status", "developermessage", "clientmessage", "errors", "error", "message",
                "code", "field", "timestamp", "path", "type"}  # fmt: skip
"""Fields, in small letters, of the API's own error body and of those of gateways: none of them
tells that an object is a record."""

TAXPAYERS = re.compile("cpf|cnpj|cpnj|^document$")
"""Names of fields that may hold one, typing errors of the API included."""


@cache
def load_schema(name: str) -> Record:
    """Read the schema file of a stream."""
    path = files("tap_sienge") / "schemas" / f"{name}.json"
    schema: Record = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def snake_case(name: str) -> str:
    """Give the column name of an API field: ``buildingID`` is ``building_id``.

    Without accents and what no name should have, such as the ``;`` that some documents write.
    """
    name = re.sub(r"\W", "", unicodedata.normalize("NFKD", name), flags=re.ASCII)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def json_type(schema: Record) -> str:
    """Give the one type of a property: its format if it is a date, else its JSON type."""
    types = schema["type"]
    base: str = types if isinstance(types, str) else next(t for t in types if t != "null")
    return schema.get("format", base) if base == "string" else base


def is_personal(field: Record) -> bool:
    """Whether a property, or one nested in it, is marked as personal data."""
    nested = field.get("items", field).get("properties", {})
    return "x-personal" in field or any(is_personal(inner) for inner in nested.values())


class RowSchema:
    """A stream's columns and the conversion of its records, compiled from its schema file."""

    def __init__(self, schema: Record, *, calculated_key: bool = False) -> None:
        """Compile ``schema``, a JSON schema whose properties carry the API's field names."""
        self.warnings = WarningCounter()
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
        self.json_types = {names[name]: json_type(field) for name, field in properties.items()}
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
        self._properties, self._names = properties, names
        self.from_path = [name for name, field in properties.items() if field.get("x-path")]
        self.nested = {f["x-nested"]: name for name, f in properties.items() if "x-nested" in f}
        """Fields of the objects of a nested list → their names in a row."""
        self._deep = {n: f["x-from"].split(".") for n, f in properties.items() if "x-from" in f}

    @cached_property
    def _split(self) -> Callable[[Record], tuple[Record, Record]]:
        """The conversion, compiled for the first record: most streams of a run are not chosen."""
        return self._object(self._properties, "", lambda name: self._names[name])

    def personal_parameters(self, link: Mapping[str, str]) -> list[str]:
        """Give the parameters, each with the column it is taken from, that are personal data."""
        return [name for name, column in link.items() if column.split(".")[0] in self.personal]

    def knows(self, body: Record, nested: str | None = None) -> bool:
        """Whether an object is a record, and not one that tells an error.

        It has the list at the path ``nested``, or a field of this schema that no error body has.
        """
        if nested and nested.split(".")[0] in body:
            return True
        return not self._telling.isdisjoint(name.lower() for name in body)

    def rows(self, record: Record, context: Record, nested: str | None) -> list[Record] | None:
        """Give the rows of a record: itself, or the objects of its list at the path ``nested``.

        None if it is no record of this stream, or its list holds something else.
        """
        if not self.knows(record, nested):
            return None
        flat = self._unnested(record, nested) if nested else [record]
        return None if flat is None else [self.convert(one, context) for one in flat]

    def _unnested(self, record: Record, path: str) -> list[Record] | None:
        """Give one record for each object of a nested list, with the fields around the list.

        Fields of the objects that clash with those around have other names in it: ``id`` of an
        instalment is ``installmentId``. None if anything but objects of this stream is in the
        list: a row without them would stand for rows that then seem deleted.
        """
        *outer, name = path.split(".")
        for step in outer:
            inner = record.get(step)
            if isinstance(inner, dict):
                record = {key: value for key, value in record.items() if key != step} | inner
        found = record.get(name)
        if isinstance(found, dict):
            found = [found]  # an object that stands alone is a list of one
        elif found in EMPTY:
            found = []
        if not isinstance(found, list):
            return None
        objects = [item for item in found if item is not None]
        if not all(isinstance(item, dict) and self.knows(item) for item in objects):
            return None
        around = {key: value for key, value in record.items() if key != name}
        names = self.nested
        return [
            around | {names.get(key, key): value for key, value in item.items()}
            for item in objects or [{}]
        ]

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
        warnings = self.warnings

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
                    warnings.unknown(path + name)
                    rest[name] = shallow(value)
                    continue
                column, convert, expected = field
                if value is None or value == "":  # EMPTY; most values of most records
                    known[column] = None
                    continue
                try:
                    known[column] = convert(value)
                except MISFIT:
                    warnings.misfit(path + name, expected)
                    known[column] = None
                    rest[name] = shallow(value)
            return known, rest

        return split

    def _compile(self, schema: Record, path: str) -> tuple[Convert, str]:
        """Give the converter of a property and the name of what it expects."""
        of_type = json_type(schema)
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
