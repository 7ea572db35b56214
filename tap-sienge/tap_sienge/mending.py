"""Texts of an answer that no database stores, and what is stored in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tap_sienge.values import WarningCounter

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL does not store: NUL and halves of surrogate pairs."""


def may_need_mending(text: str) -> bool:
    """Whether a JSON text may hold what ``mended`` mends; said of more texts than do."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return any(mark in text for mark in ("\x00", r"\u0000", r"\ud", r"\uD"))


def mended(value: Any, warnings: WarningCounter, path: str = "") -> Any:  # noqa: ANN401
    """Give texts that can be stored: bytes that are not UTF-8 as Windows-1252, no NUL."""
    if isinstance(value, str):
        return UNSTORABLE.sub(lambda found: _storable(found[0], warnings, path), value)
    if isinstance(value, list):
        return [mended(item, warnings, path) for item in value]
    if isinstance(value, dict):
        result: dict[str, Any] = {}
        for name, item in value.items():
            key = mended(name, warnings, f"{path} (nome de um campo)".strip())
            while key in result:
                key += "_"
            result[key] = mended(item, warnings, f"{path}.{key}" if path else key)
        return result
    return value


def _storable(half: str, warnings: WarningCounter, path: str) -> str:
    byte = ord(half) - 0xDC00
    if not 0x80 <= byte <= 0xFF:
        warnings.count(f"caractere que o banco de dados não aceita, retirado: {path}")
        return ""
    warnings.count(f"byte fora do UTF-8, lido como Windows-1252: {path}")
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
