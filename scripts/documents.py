"""Condense the vendor's documents into paths, fields and types, for tests that must not need them.

``python scripts/documents.py FOLDER > tests/documented.json`` reads one YAML file for each family:
a list of operations, with ``path`` and ``response``. Names and types are kept, no sentence is.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

UNTYPED = {"Trademark": {"trademarkId": "integer", "trademarkDescription": "string"}}
"""What is documented by an example alone."""


def kind(text: str) -> Any:  # noqa: ANN401
    """Give a type in one word, and the values that it allows."""
    if example := re.search(r"untyped; its example refers to \$ref:(\w+)", text):
        return UNTYPED[example[1]]
    word = re.match(r"\w*", text)[0].lower().replace("oneof", "string")  # type: ignore[index]
    if choices := re.search(r"enum ?=? ?\[(.*?)\]", text):
        values = [value.strip(" '\"") for value in choices[1].split(",")]
        return f"{word} enum[{','.join(values)}]"
    if word == "string" and re.search(r"date-time|hh:mm", text, re.IGNORECASE):
        return "date-time"
    if word == "string" and re.search(r"date|yyyy-mm-dd", text, re.IGNORECASE):
        return "date"
    return word


def condensed(found: Any) -> Any:  # noqa: ANN401
    """Give a part of an answer with its types in one word."""
    if isinstance(found, dict):
        return {name: condensed(inner) for name, inner in found.items()}
    if isinstance(found, list):
        return [condensed(inner) for inner in found[:1]]
    return kind(str(found))


def main(folder: Path) -> None:
    """Print one line for each path."""
    files = sorted(folder.glob("*.yaml"))
    operations = [operation for file in files for operation in yaml.safe_load(file.read_text())]
    lines = [
        f"{json.dumps(found['path'])}: {json.dumps(condensed(found['response']))}"
        for found in sorted(operations, key=lambda found: found["path"])
    ]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
