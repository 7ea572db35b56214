"""Which tables the API user may not read: what the last run met, or a newer test."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sienge_panel.choice import TABLES, title
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sienge_panel.vault import Vault

KEPT = "permissoes"
"""What tests found: by table, when, and the reason; empty where it may be read."""

FAMILY = re.compile(r"(bulk-data/)?v\d/([^/]+)")


def note(vault: Vault, streams: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what a test found out about tables."""
    at = datetime.now(SAO_PAULO).isoformat()
    found = {
        name: {"at": at, "reason": stream["error"] or "" if stream["status"] == "skipped" else ""}
        for name, stream in streams.items()
        if stream["status"] in {"ok", "incomplete", "skipped"}
    }
    vault.keep(KEPT, {**(vault.kept(KEPT) or {}), **found})


def applied(vault: Vault, tables: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the tables with what a test found out since they were read.

    ``allowed``: a test could read what the last run could not.
    """
    tested = vault.kept(KEPT) or {}
    return [_newest(table, tested.get(table["table"])) for table in tables]


def _newest(table: dict[str, Any], test: Mapping[str, str] | None) -> dict[str, Any]:
    skipped = table["status"] == "skipped"
    newer = test and (
        table["finished"] is None or datetime.fromisoformat(test["at"]) > table["finished"]
    )
    if not (test and newer):
        return table | {"allowed": False}
    if test["reason"]:
        return table | {"status": "skipped", "error": test["reason"], "allowed": False}
    return table | {"allowed": skipped}


def told(vault: Vault, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Group what may not be read by Sienge's resources, as its list of authorisations does."""
    refused = [t for t in tables if t["status"] == "skipped" and not t["allowed"]]
    resources: dict[str, list[dict[str, Any]]] = {}
    for table in refused:
        path = TABLES.get(table["table"], {}).get("path", "")
        resources.setdefault(family(path) or table["table"], []).append(
            {
                "table": table["table"],
                "title": table["title"],
                "path": path,
                "reason": table["error"] or "",
                "since": table["finished"] or datetime.now(SAO_PAULO),
            }
        )
    times = [test["at"] for test in (vault.kept(KEPT) or {}).values()]
    return {
        "total": len(tables),
        "readable": len(tables) - len(refused),
        "resources": [
            {"name": name, "title": NAMES.get(name) or found[0]["title"], "tables": found}
            for name, found in sorted(resources.items())
        ],
        "checked": max(times, default=None),
    }


def family(path: str) -> str:
    """Give Sienge's name of the resource that a path belongs to."""
    found = FAMILY.search(path)
    return f"{'bulk-data-' if found[1] else ''}{found[2]}" if found else ""


NAMES: dict[str, str] = {}
"""What people call a resource: the title of the first table that is read from it."""
for _table, _told in TABLES.items():
    NAMES.setdefault(family(_told["path"]), title(_table))
