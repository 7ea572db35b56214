"""When the data are read."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from sienge_panel import choice, round_cost, schedule_answers
from sienge_panel.api.tables import ESTIMATE
from sienge_panel.choice import TABLES
from sienge_panel.deps import Deps, Panel
from sienge_panel.environment import for_child
from sienge_panel.plan import Plan
from sienge_panel.problem import ProblemError
from sienge_panel.quota import limits
from sienge_panel.schedule import HOUR, PLAN, ROUNDS, Schedule
from sienge_panel.schedule_answers import Rounds, RoundsSpent, Spent, Times

router = APIRouter(prefix="/schedule")


class Given(schedule_answers.Plan):
    """A plan; or, as it once was, an hour of every day."""

    hour: int | None = Field(None, ge=0, le=23)

    @property
    def plan(self) -> Plan:
        """The plan."""
        hourly = self.hour is not None and {"times": [f"{self.hour:02}:00"]}
        return Plan.of(hourly or self.model_dump(exclude={"hour"}))


@router.get("")
def get_schedule(panel: Deps) -> Times:
    """Tell when, and whether anything keeps to it."""
    return Times(**Schedule.read(panel.settings, panel.vault).status())


@router.put("")
def put_schedule(given: Given, panel: Deps) -> Times:
    """Choose when."""
    if panel.settings.env.get("SYNC_CRON"):
        raise ProblemError("O horário está fixado no servidor, em SYNC_CRON.")
    plan = given.plan
    panel.vault.keep(PLAN, plan.as_dict)
    panel.vault.keep(HOUR, plan.minutes[0] // 60)  # all that an older panel understands
    return get_schedule(panel)


@router.put("/rounds")
def put_rounds(given: Rounds, panel: Deps) -> Times:
    """Choose when what changed is asked for between."""
    _check_free(panel)
    panel.vault.keep(ROUNDS, Plan.of(given.model_dump()).as_dict)
    return get_schedule(panel)


@router.delete("/rounds")
def stop_rounds(panel: Deps) -> Times:
    """Make no more rounds."""
    _check_free(panel)
    panel.vault.keep(ROUNDS, None)
    return get_schedule(panel)


def _check_free(panel: Panel) -> None:
    fixed = [name for name in ("SYNC_CRON", "SYNC_ROUNDS_CRON") if panel.settings.env.get(name)]
    if fixed:
        raise ProblemError(
            f"O horário está fixado no servidor, em {fixed[0]}: as rodadas, em SYNC_ROUNDS_CRON."
        )


@router.post("/cost")
def reckon(given: Given, panel: Deps) -> Spent:
    """Say a plan in words, and what it costs on one of its days, before it is saved."""
    plan, env = given.plan, for_child(panel.settings, panel.vault)
    known = {**(panel.vault.kept(ESTIMATE) or {}), **panel.runs.known.log.costs()}
    spent, unknown = {"rest": 0, "bulk": 0}, 0
    for table in choice.names(env):
        spent[TABLES[table]["kind"]] += known.get(table, 0) * len(plan.minutes)
        unknown += table not in known
    return Spent.model_validate(
        {
            "words": plan.words,
            "runs": len(plan.minutes),
            **spent,
            "unknown": unknown,
            "quota": limits(env),
            "used": panel.status.used(env),
        }
    )


@router.post("/rounds/cost")
def reckon_rounds(given: Rounds, panel: Deps) -> RoundsSpent:
    """Say rounds in words, and what they cost on one of their days, before they are saved."""
    env = for_child(panel.settings, panel.vault)
    return RoundsSpent.model_validate(round_cost.estimate(panel.settings, panel.runs, env, given))
