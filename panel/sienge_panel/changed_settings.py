"""The settings that a request changes, collected for the log of changes while it is answered."""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 2000
"""Characters of a value, written as JSON, from which on it is not kept."""

_told: ContextVar[list[dict[str, Any]] | None] = ContextVar("told", default=None)


@contextmanager
def telling() -> Iterator[list[dict[str, Any]]]:
    """Collect what is told meanwhile."""
    told: list[dict[str, Any]] = []
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)


def tell(name: str, before: object, after: object, *, secret: bool = False) -> None:
    """Tell that a setting changes, if somebody asked for it; of a secret, only that."""
    told = _told.get()
    if told is None or before == after:
        return
    values = (None, None) if secret else (_short(before), _short(after))
    told.append({"name": name, "secret": secret, "before": values[0], "after": values[1]})


def _short(value: object) -> object:
    return value if len(json.dumps(value)) <= LONGEST else "…"
