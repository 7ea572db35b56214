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
for a table that the API gives only as a whole. An id may have several names, as in ``a|b``, or
several parts, as in ``a,b``."""

REMOVED: tuple[str, ...] = tuple(_listing["removed"])
"""Endings of the events of what is gone."""

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

Id = tuple[str, ...]
"""The parts of a record's id; none for what is read as a whole."""

Object = tuple[str, Id]
"""A table, and which of its records."""


def family(event: str) -> dict[str, Any] | None:
    """Give the family of an event, the one of the longest beginning; None if nobody knows it."""
    found = [known for known in FAMILIES if event.startswith(known["events"])]
    return max(found, key=lambda known: len(known["events"]), default=None)


def title(event: str) -> str:
    """Say what an event is about."""
    known = family(event)
    return known["title"] if known else "Outro assunto"


class MalformedError(Exception):
    """An event lacks the id that it must have."""


def objects(known: Mapping[str, Any], ids: Mapping[str, Any]) -> list[Object]:
    """Give what an event of a family asks to read; of some tables it may not tell which record.

    Raises:
        MalformedError: It tells of none.
    """
    found = [(table, _id(name, ids)) for table, name in known["reads"].items()]
    if known_ids := [(table, id_) for table, id_ in found if id_ is not None]:
        return known_ids
    names = " ou ".join(dict.fromkeys(filter(None, known["reads"].values())))
    raise MalformedError(f"o aviso não traz {names}")


def _id(name: str | None, ids: Mapping[str, Any]) -> Id | None:
    """Give the id of a record, by what an event calls it; None if the event does not tell it."""
    if name is None:
        return ()
    parts = tuple(_part(names.split("|"), ids) for names in name.split(","))
    return parts if all(parts) else None


def _part(names: list[str], ids: Mapping[str, Any]) -> str:
    found = (ids.get(name) for name in names)
    return next((str(it) for it in found if isinstance(it, str | int) and it is not True), "")
