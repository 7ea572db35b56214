"""What rounds cost a day, and what the day's quota has left for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from sienge_panel import choice
from sienge_panel.answers import Rounds
from sienge_panel.choice import TABLES
from sienge_panel.plan import Plan, said
from sienge_panel.quota import limits
from sienge_panel.share import night_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.runs import Runs
    from sienge_panel.settings import Settings

LATEST = 20
"""Rounds whose requests tell those of the next."""

EVERY: tuple[int, ...] = get_args(Rounds.model_fields["every"].annotation)


def told(settings: Settings, runs: Runs, env: Mapping[str, str], given: Rounds) -> dict[str, Any]:
    """Give the requests of a day of such rounds, what is left for them, and what would fit."""
    plan, night = Plan.of(given.model_dump()), night_share(settings)
    one, measured = _one(runs, env)
    left = {
        kind: None if limit is None else max(limit - night[kind], 0)
        for kind, limit in limits(env).items()
    }
    cost = _day(one, plan)
    others = [Plan.of({**given.model_dump(), "every": every}) for every in EVERY]
    fitting = [other for other in others if _fits(_day(one, other), left)]
    instead = [said(other.every or 0) for other in fitting if not _fits(cost, left)]
    return {
        "words": plan.words,
        "runs": len(plan.minutes),
        **cost,
        "measured": measured,
        "left": left,
        "night": night,
        "instead": next(iter(instead), ""),
    }


def _one(runs: Runs, env: Mapping[str, str]) -> tuple[Mapping[str, float], bool]:
    """Give the requests of one round; and whether such were made, else it is one for each table."""
    made = [run["read"] for run in runs.rounds(LATEST) if run["state"] == "success" and run["read"]]
    if found := runs.log.requests(made):
        return {kind: sum(run[kind] for run in found) / len(found) for kind in found[0]}, True
    asked = [TABLES[table]["kind"] for table in choice.in_rounds(choice.names(env))]
    return {kind: asked.count(kind) for kind in ("rest", "bulk")}, False


def _day(one: Mapping[str, float], plan: Plan) -> dict[str, int]:
    return {kind: round(requests * len(plan.minutes)) for kind, requests in one.items()}


def _fits(cost: Mapping[str, int], left: Mapping[str, int | None]) -> bool:
    return all(limit is None or cost[kind] <= limit for kind, limit in left.items())
