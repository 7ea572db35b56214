"""The tap's schemas and the simulator's resources were written apart from the same documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCHEMAS = Path(__file__).parent.parent / "tap-sienge" / "tap_sienge" / "schemas"
STREAMS = sorted(path.stem for path in SCHEMAS.glob("*.json"))

# Where the tap decides otherwise than the vendor's specification, and why.
DECIDED: dict[str, dict[str, str]] = {
    # The id is a code such as "NF", and the answer does not repeat it under the path's name.
    "document_identifications": {"documentIdentificationId": "string", "id": "string"},
    # Documented as text, but the examples are dates.
    "customers": {"procurators.proxy.date": "date", "procurators.proxy.expirationDate": "date"},
    # The same, and identifiers documented as "number int32", so whole.
    "sales_contracts": {
        "contractDate": "date",
        "issueDate": "date",
        "paymentConditions.sequenceId": "integer",
        "brokers.id": "integer",
    },
    # Hidden in links.
    "accounts_statements": {
        "companyId": "integer",
        "companyGroupId": "integer",
        "bankAccountId": "string",
        "budgetCategories.costCenterId": "integer",
        "budgetCategories.paymentCategoriesId": "integer",
    },
}


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


def test_every_schema_is_described(described: dict[str, Any]) -> None:
    assert set(STREAMS) == set(described)
    assert len(STREAMS) >= 20


@pytest.mark.parametrize("stream", STREAMS)
def test_fields_and_types_agree(described: dict[str, Any], stream: str) -> None:
    schema = json.loads((SCHEMAS / f"{stream}.json").read_text(encoding="utf-8"))
    fields = documented(described[stream]["fields"]) | DECIDED.get(stream, {})
    assert leaves(schema["properties"]) == fields


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
