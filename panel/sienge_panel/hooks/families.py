"""Which tables an event is about, and by which of its ids they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_listing: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "events.json").read_text("utf-8")
)
FAMILIES: list[dict[str, Any]] = _listing["families"]
"""Events of one beginning: a title, and the tables to read with the id's name in the event, or null
for a table that the API gives only as a whole; `make docs` copies the tap's file."""

DOCUMENTED = (
    *(f"CUSTOMER_{it}" for it in ("CREATED", "UPDATED", "REMOVED", "DISABLED", "ENABLED")),
    *(f"SALES_CONTRACT_{it}" for it in ("CREATED", "UPDATED", "REMOVED", "ISSUED", "CANCELED")),
    *(f"UNIT_{it}" for it in ("CREATED", "UPDATED", "REMOVED")),
    "SALES_COMMISSION_CREATED",
    *(f"SALES_COMMISSION_INSTALLMENTS_{it}" for it in ("AUTHORIZED", "CANCELED", "RELEASED")),
    "SALES_COMMISSION_RELEASES_EXCLUDED",
    *(f"PROPERTY_RENTAL_{it}" for it in ("CREATED", "UPDATED", "EXCLUDED", "CANCELLED")),
    *(f"PROPERTY_RENTAL_{it}" for it in ("TERMINATED", "ISSUED", "REACTIVATED")),
    "PROPERTY_RENTAL_TERMINATION_EXCLUDED",
)
"""The events that Sienge's documents name; all are asked for at once."""

WHOLE = None
"""The id of what is read as a whole."""

Object = tuple[str, int | str | None]
"""A table, and the id of one of its records, or ``WHOLE``."""


def family(event: str) -> dict[str, Any] | None:
    """Give the family of an event, the one of the longest beginning; None if nobody knows it."""
    found = [known for known in FAMILIES if event.startswith(known["events"])]
    return max(found, key=lambda known: len(known["events"]), default=None)


def title(event: str) -> str:
    """Say what an event is about."""
    known = family(event)
    return known["title"] if known else "Desconhecido"


class MalformedError(Exception):
    """An event lacks the id that it must have."""


def objects(known: Mapping[str, Any], ids: Mapping[str, Any]) -> list[Object]:
    """Give what an event of a family asks to read.

    Raises:
        MalformedError: It does not tell which record.
    """
    return [
        (table, WHOLE if name is None else _id(ids, name)) for table, name in known["reads"].items()
    ]


def _id(ids: Mapping[str, Any], name: str) -> int | str:
    value = ids.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise MalformedError(f"o aviso não traz {name}")
    return int(value) if isinstance(value, str) and value.isdecimal() else value
