"""Which tables are read, and what each costs in requests a day."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sienge_panel import choice, history, sienge
from sienge_panel.answers import Listing, Read
from sienge_panel.choice import PRESETS, TABLES, Choice
from sienge_panel.deps import Deps, Panel
from sienge_panel.problem import ProblemError

router = APIRouter(prefix="/tables")

ESTIMATE, ESTIMATE_FIRST = "estimativa", "estimativa_primeira"
"""The names of what was reckoned: a day's requests, and those of the first run."""


class Chosen(BaseModel, extra="forbid"):
    """What to read every time; nothing means the default."""

    presets: list[str] = Field(default=[], max_length=100)
    tables: list[str] = Field(default=[], max_length=500)


class Asked(BaseModel, extra="forbid"):
    """The preset whose cost to ask for."""

    preset: str = Field(max_length=100)


@router.get("")
def get_tables(panel: Deps) -> Listing:
    """List what may be chosen, what is, and what it costs."""
    kept = Choice.kept(panel.vault)
    fixed = choice.fixed(panel.settings.env)
    chosen = set(choice.names(choice.applied(panel.settings.env, kept)))
    costs = _costs(panel)
    listing = {
        "from": "environment" if fixed else "panel" if kept else "default",
        "fixed_by": fixed,
        "chosen": {"presets": kept.presets, "tables": kept.tables},
        "cost": _sum(costs, chosen),
        "presets": [
            {"name": name, "title": choice.TITLES[name], "tables": tables}
            | {"cost": _sum(costs, set(tables))}
            for name, tables in PRESETS.items()
        ],
        "tables": [
            {"table": name, **about, "chosen": name in chosen, **costs[name]}
            for name, about in TABLES.items()
        ],
    }
    return Listing.model_validate(listing)


@router.get("/rows")
def get_rows(panel: Deps) -> dict[str, list[Read]]:
    """Give the rows of each table's last reads."""
    recent = panel.status.recent()
    return {table: [Read(**read) for read in reads] for table, reads in recent.items()}


@router.put("")
def put_tables(given: Chosen, panel: Deps) -> Listing:
    """Choose, from the next run on."""
    if fixed := choice.fixed(panel.settings.env):
        raise ProblemError(f"A escolha das tabelas está fixada no servidor, em {fixed}.")
    _check(given.presets, PRESETS)
    _check(given.tables, TABLES)
    panel.vault.keep("tabelas", given.model_dump() if given.presets or given.tables else None)
    return get_tables(panel)


@router.post("/estimate")
def estimate(asked: Asked, panel: Deps) -> Listing:
    """Ask Sienge how much there is to read, at one request for each table."""
    _check([asked.preset], PRESETS)
    found = sienge.estimate(panel.settings, panel.env(), asked.preset)
    for place, name in enumerate((ESTIMATE_FIRST, ESTIMATE)):
        costs = {table: cost[place] for table, cost in found.items()}
        panel.vault.keep(name, (panel.vault.kept(name) or {}) | costs)
    return get_tables(panel)


def _check(names: list[str], known: dict[str, Any]) -> None:
    if unknown := [name for name in names if name not in known]:
        raise ProblemError(f"O painel não conhece {', '.join(unknown[:3])}.")


def _costs(panel: Panel) -> dict[str, dict[str, Any]]:
    """Give what is known of each table: measured, else estimated, else what its first day took."""
    measured, estimated = panel.status.costs(), panel.vault.kept(ESTIMATE) or {}
    first = (panel.vault.kept(ESTIMATE_FIRST) or {}) | history.full_costs(panel.settings)

    def known(name: str) -> tuple[int | None, str | None]:
        found = measured.get(name)
        if found and not found["first"]:
            return found["cost"], "measured"
        if name in estimated:
            return estimated[name], "estimate"
        return (found["cost"], "first") if found else (None, None)

    return {
        name: dict(zip(("cost", "cost_from"), known(name), strict=True))
        | {"first_cost": first.get(name)}
        for name in TABLES
    }


def _sum(costs: dict[str, dict[str, Any]], names: set[str]) -> dict[str, int]:
    """Add up by the API's two quotas; ``unknown``: tables of which nothing is known."""
    found = {"rest": 0, "bulk": 0, "unknown": 0}
    for name in names & TABLES.keys():
        cost = costs[name]["cost"]
        found["unknown" if cost is None else TABLES[name]["kind"]] += 1 if cost is None else cost
    return found
