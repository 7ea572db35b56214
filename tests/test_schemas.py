"""The tap's schemas and the simulator's resources were written apart from the same documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tap_sienge.row_schema import RowSchema

from testing.truth import stream_class, unnested

KEY_TYPES = {"string", "integer"}
SCHEMAS = Path(__file__).parent.parent / "tap-sienge" / "tap_sienge" / "schemas"
STREAMS = sorted(path.stem for path in SCHEMAS.glob("*.json"))

# Where the tap decides otherwise than the vendor's specification, and why.
DECIDED: dict[str, dict[str, str]] = {
    # The id is a code such as "NF", and the answer does not repeat it under the path's name.
    "document_identifications": {"id": "string"},
    # Hidden in links.
    "accounts_statements": {
        "budgetCategories.costCenterId": "integer",
        "budgetCategories.paymentCategoriesId": "integer",
    },
    # A description, which is text elsewhere.
    "enterprises_groupings": {"valueGroupings.valueGroupingDescription": "string"},
    # Documented as a date, but the example has a time.
    "bulk_outcome": {"registeredDate": "date-time"},
    "bulk_outcome_by_bills": {"registeredDate": "date-time"},
    # Answers spell it descrition; both are read.
    "bulk_income": {"paymentTerm.description": "string"},
    # Money and percentages, documented as whole numbers.
    "sales_commissions": {"baseValue": "number", "rate": "number"},
}

NARROWER = {
    ("string", "date"),
    ("string", "date-time"),
    ("number", "integer"),
    ("integer", "number"),
}
"""Documented and decided type: dates documented as text, codes as numbers, money as integers."""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    command = [sys.executable, "-m", "sienge_simulator", "--describe"]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout
    )
    return found


def leaves(properties: dict[str, Any], path: str = "") -> dict[str, str]:
    """Fields of a JSON schema by path, each with its type."""
    found: dict[str, str] = {}
    for name, field in properties.items():
        types = field["type"]
        kind = types if isinstance(types, str) else next(t for t in types if t != "null")
        kind = field.get("format", kind)
        inner = field.get("items", field)
        if "properties" in inner:
            found |= leaves(inner["properties"], f"{path}{name}.")
        else:
            found[path + name] = kind
    return found


def documented(fields: dict[str, Any], path: str = "") -> dict[str, str]:
    """Fields as the simulator describes them, by path."""
    found: dict[str, str] = {}
    for name, kind in fields.items():
        inner = kind[0] if isinstance(kind, list) and kind else kind
        if isinstance(inner, dict):
            found |= documented(inner, f"{path}{name}.")
        else:
            found[path + name] = "array" if isinstance(kind, list) else inner
    return found


def own(properties: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that answers carry: not those of the path, of links or dug out of others."""
    added = {"x-path", "x-rel", "x-from"}
    return {name: field for name, field in properties.items() if not added & field.keys()}


def test_every_schema_is_described(described: dict[str, Any]) -> None:
    assert set(STREAMS) <= set(described)
    assert len(STREAMS) >= 170


@pytest.mark.parametrize("stream", STREAMS)
def test_fields_and_types_agree(described: dict[str, Any], stream: str) -> None:
    properties = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))["properties"]
    found = leaves(own(properties))
    fields = described[stream]["fields"]
    if nested := stream_class(stream).nested:
        (fields,) = unnested(fields, nested)
    told = {
        path: kind
        for path, kind in documented(fields).items()
        if path.split(".")[0] in own(properties) or path.split(".")[0] not in properties
    } | DECIDED.get(stream, {})
    assert found.keys() == told.keys()
    for path, kind in found.items():
        assert kind == told[path] or (told[path], kind) in NARROWER, path


@pytest.mark.parametrize("stream", STREAMS)
def test_keys_are_columns_that_the_target_can_key(stream: str) -> None:
    found = stream_class(stream)
    schema = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    row_schema = RowSchema(schema, calculated_key=found.content_key is not None)
    assert set(found.content_key or ()) <= set(row_schema.json_types)
    assert set(found.primary_keys) <= set(row_schema.schema["properties"])
    assert {row_schema.json_types.get(name, "string") for name in found.primary_keys} <= KEY_TYPES
    # The loader's own parameters in the statement by which it marks vanished rows.
    assert not {"version", "deletedate"} & set(row_schema.schema["properties"])


@pytest.mark.parametrize("stream", STREAMS)
def test_every_field_has_a_title(stream: str) -> None:
    def untitled(node: dict[str, Any]) -> list[str]:
        inner = node.get("items", node).get("properties", {})
        return [n for n, f in inner.items() if not f.get("title")] + [
            found for field in inner.values() for found in untitled(field)
        ]

    schema = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    assert schema["title"]
    assert schema["description"]
    assert untitled(schema) == []
