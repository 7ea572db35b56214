"""What rounds cost a day, and what the day's quota has left for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from sienge_panel import choice
from sienge_panel.choice import TABLES
from sienge_panel.plan import Plan, said
from sienge_panel.quota import limits
from sienge_panel.schedule_answers import Rounds
from sienge_panel.share import night_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.runs import Runs
    from sienge_panel.settings import Settings

LATEST = 20
"""Rounds whose requests tell those of the next."""

EVERY: tuple[int, ...] = get_args(Rounds.model_fields["every"].annotation)


def estimate(
    settings: Settings, runs: Runs, env: Mapping[str, str], given: Rounds
) -> dict[str, Any]:
    """Give the requests of a day of such rounds, what is left for them, and what would fit.

    Before the first round, those of one in which nothing changed: one for each table.
    """
    plan, night = Plan.of(given.model_dump()), night_share(settings)
    asked = [TABLES[table]["kind"] for table in choice.in_rounds(choice.names(env))]
    made = _made(runs)
    one = made or {kind: asked.count(kind) for kind in ("rest", "bulk")}
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
        "tables": len(asked),
        "measured": bool(made),
        "left": left,
        "night": night,
        "instead": next(iter(instead), ""),
    }


def _made(runs: Runs) -> dict[str, float]:
    """Give the requests of a round, by the latest; nothing if there was none."""
    made = [
        run["read"]
        for run in runs.known.rounds(LATEST)
        if run["state"] == "success" and run["read"]
    ]
    found = runs.known.log.requests(made)
    return (
        {kind: sum(run[kind] for run in found) / len(found) for kind in found[0]} if found else {}
    )


def _day(one: Mapping[str, float], plan: Plan) -> dict[str, int]:
    return {kind: round(requests * len(plan.minutes)) for kind, requests in one.items()}


def _fits(cost: Mapping[str, int], left: Mapping[str, int | None]) -> bool:
    return all(limit is None or cost[kind] <= limit for kind, limit in left.items())
