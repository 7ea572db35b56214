"""Writes objects of a semantic model in TMDL, where indentation by tabs is the structure."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

SPACE = UUID("5f0c1a52-6f0b-4a35-9d6e-7a3f0f1b9c11")


def tag(*names: str) -> str:
    """Give an object the identity that it keeps in every version, so that reports find it again."""
    return str(uuid5(SPACE, "/".join(names)))


def quoted(name: str) -> str:
    """Give a name as TMDL and DAX write it."""
    return name if re.fullmatch(r"\w+", name) else "'" + name.replace("'", "''") + "'"


def block(
    head: str,
    *,
    value: str = "",
    description: str = "",
    properties: dict[str, str | bool] | None = None,
    children: list[str] | None = None,
) -> str:
    """Give an object: what it is, its expression, its properties and what it contains.

    A property that is true is only named, one that is false or empty is left out.
    """
    lines = [f"/// {line}" for line in description.splitlines()]
    if "\n" in value:
        lines += [f"{head} =", *_indented(value, 2)]
    else:
        lines.append(f"{head} = {value}" if value else head)
    for name, given in (properties or {}).items():
        if given is True:
            lines.append(f"\t{name}")
        elif isinstance(given, str) and "\n" in given:
            lines += [f"\t{name} =", *_indented(given, 2)]
        elif given:
            lines.append(f"\t{name}{' =' if name == 'source' else ':'} {given}")
    for child in children or []:
        lines += ["", *_indented(child, 1)]
    return "\n".join(lines)


def _indented(text: str, levels: int) -> list[str]:
    return ["\t" * levels + line if line else "" for line in text.splitlines()]
