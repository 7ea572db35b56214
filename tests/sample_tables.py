"""Writes what the streams of a tap are, so that tests have the tables of an older one.

    python -m tests.sample_tables < catalog.json > tests/tables-6df988c.json

for the catalog that ``python -m tap_sienge --discover`` gives in the older tap's folder.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testing.truth import Row

KINDS: dict[str, tuple[Row, Any]] = {
    "integer": ({"type": ["integer", "null"]}, 1),
    "number": ({"type": ["number", "null"]}, 1.5),
    "boolean": ({"type": ["boolean", "null"]}, True),
    "string": ({"type": ["string", "null"]}, "1"),
    "date": ({"type": ["string", "null"], "format": "date"}, "2024-01-31"),
    "date-time": ({"type": ["string", "null"], "format": "date-time"}, "2024-01-31T10:20:30"),
    "object": ({"type": ["object", "null"]}, {"a": 1}),
    "array": ({"type": ["array", "null"]}, [1]),
}
"""The kinds of columns, each with its schema and a value."""


def kind(schema: Row) -> str:
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    (found,) = {*types} - {"null"}
    return str(schema.get("format", found))


def streams(catalog: Row) -> dict[str, Row]:
    """Give each stream's key, and its columns by their kinds."""
    found = {}
    for stream in catalog["streams"]:
        columns: dict[str, list[str]] = {}
        for name, schema in stream["schema"]["properties"].items():
            columns.setdefault(kind(schema), []).append(name)
        found[stream["tap_stream_id"]] = {"key": stream["key_properties"], "columns": columns}
    return found


def sample() -> dict[str, Row]:
    """Give the streams as commit 6df988c had them."""
    loaded: dict[str, Row] = json.loads(Path(__file__).with_name("tables-6df988c.json").read_text())
    return loaded


if __name__ == "__main__":
    lines = [
        f"{json.dumps(name)}: {json.dumps(s)}" for name, s in streams(json.load(sys.stdin)).items()
    ]
    print("{\n" + ",\n".join(lines) + "\n}")
