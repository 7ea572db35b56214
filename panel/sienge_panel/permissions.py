"""Which tables the API user may not read: what the last runs met, or a newer test."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sienge_panel import choice
from sienge_panel.choice import TABLES, names, title
from sienge_panel.quota import SAO_PAULO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sienge_panel.deps import Panel
    from sienge_panel.vault import Vault

KEPT = "permissoes"
"""What tests found: by table, when, and the reason; empty where it may be read."""

LATELY = 50
"""Runs."""

REASON = "o usuário de API não pode ler este recurso"
"""What is said of a table where the run could read none."""

UNREAD: dict[str, Any] = {
    **dict.fromkeys(("extent", "rows", "rejected", "requests", "warnings", "error", "seconds")),
    **dict.fromkeys(("finished", "good", "total", "new", "deleted")),
    "status": "skipped",
    "live": False,
}
"""A table of which nothing is known but that it may not be read."""

FAMILY = re.compile(r"(bulk-data/)?v\d/([^/]+)")


class Found(NamedTuple):
    """What a test found out about a table; no reason where it may be read."""

    at: datetime
    reason: str


def note(vault: Vault, streams: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what a test found out about tables."""
    at = datetime.now(SAO_PAULO).isoformat()
    found = {
        name: {"at": at, "reason": stream["error"] or "" if stream["status"] == "skipped" else ""}
        for name, stream in streams.items()
        if stream["status"] in {"ok", "incomplete", "skipped"}
    }
    vault.keep(KEPT, {**(vault.kept(KEPT) or {}), **found})


def known(panel: Panel, latest: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the tables with what the latest runs and tests found out since they were read.

    Also the chosen ones that were refused and never read. ``allowed``: a test could read what the
    last run could not.
    """
    tables = {table["table"]: table for table in panel.status.tables()}
    chosen = names(choice.applied(dict(panel.settings.env), choice.Choice.kept(panel.vault)))
    runs = _refused_all(latest)
    tested = {
        name: Found(datetime.fromisoformat(test["at"]), test["reason"])
        for name, test in (panel.vault.kept(KEPT) or {}).items()
    }
    for name in chosen:
        if name not in tables and (name in runs or (name in tested and tested[name].reason)):
            tables[name] = UNREAD | {"table": name, "title": title(name)}
    found = []
    for name, table in sorted(tables.items()):
        newest = _after_run(table, runs.get(name))
        found.append(_after_test(newest, tested.get(name)))
    return found


def _refused_all(runs: Iterable[Mapping[str, Any]]) -> dict[str, datetime]:
    """Give the tables of the runs that could read none of theirs, and when each ended last.

    Such a run ends before it could write ``sync_log``.
    """
    found: dict[str, datetime] = {}
    for run in runs:
        if run["cause"] and run["cause"].code == "permission":
            for name in run["cause"].tables:
                found.setdefault(name, run["ended"] or run["heard"])
    return found


def _after_run(table: dict[str, Any], ended: datetime | None) -> dict[str, Any]:
    if ended is None or (table["finished"] and ended <= table["finished"]):
        return table | {"allowed": False}
    return table | {"status": "skipped", "error": REASON, "finished": ended, "allowed": False}


def _after_test(table: dict[str, Any], test: Found | None) -> dict[str, Any]:
    if test is None or (table["finished"] and test.at <= table["finished"]):
        return table
    if test.reason:
        return table | {"status": "skipped", "error": test.reason}
    return table | {"allowed": table["status"] == "skipped"}


def summary(vault: Vault, tables: list[dict[str, Any]]) -> dict[str, Any]:
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
for _table, _listed in TABLES.items():
    NAMES.setdefault(family(_listed["path"]), title(_table))
