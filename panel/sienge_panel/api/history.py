"""What was read, run by run and day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException

from sienge_panel.answers import Days, Quota
from sienge_panel.deps import Deps
from sienge_panel.environment import for_child
from sienge_panel.log_lines import level
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO, limits
from sienge_panel.run_answers import Day, DayTable, Run, RunDetail
from sienge_panel.share import PARTIAL

router = APIRouter()

SHOWN = 30
"""Days."""

MOST = 5_000
"""Runs that so many days may have."""

LINES = 20_000
"""Lines of a log, from its end, that the page shows; the file to download has all."""


@router.get("/runs/days")
def get_days(panel: Deps) -> Days:
    """Tell what the runs of each of the last days came to, and what they cost."""
    today = datetime.now(SAO_PAULO).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(SHOWN - 1)
    runs: dict[date, list[dict[str, Any]]] = {}
    for run in panel.runs.known.latest(MOST, since=first):
        runs.setdefault(run["started"].astimezone(SAO_PAULO).date(), []).append(run)
    spent = panel.runs.known.log.days(first)
    try:
        quota = limits(for_child(panel.settings, panel.vault))
    except ProblemError:  # what it keeps cannot be decrypted any more
        quota = limits(panel.settings.env)
    days = []
    for day in ((first + timedelta(n)).date() for n in range(SHOWN)):
        of_day, used = runs.get(day, []), spent.get(day, {})
        days.append(
            Day(
                day=day,
                state=_state(of_day),
                runs=len(of_day),
                rest=used.get("rest", 0),
                bulk=used.get("bulk", 0),
            )
        )
    return Days(days=days, quota=Quota(**quota))


def _state(runs: list[dict[str, Any]]) -> Literal["none", "good", "warn", "bad"]:
    """Give a day's colour: the last run's, but never green where one did not go well.

    A round is the last one only where nothing else was.
    """
    by_weight = sorted(runs, key=lambda run: run["trigger"] in PARTIAL)
    tones = [run["cause"].tone if run["cause"] else "good" for run in by_weight]
    if not tones:
        return "none"
    if tones[0] == "bad":
        return "bad"
    return "good" if {*tones} == {"good"} else "warn"


@router.get("/runs/days/{day}")
def get_day(day: date, panel: Deps) -> list[DayTable]:
    """Tell the requests of a day by table."""
    return [DayTable(**row) for row in panel.runs.known.log.day(day)]


@router.get("/runs/{run}")
def get_run(run: UUID, panel: Deps) -> RunDetail:
    """Tell all that is known of a run."""
    found = next(iter(panel.runs.known.latest(1, str(run))), None)
    if found is None:
        raise HTTPException(404, "Não há esta execução no painel.")
    noted = panel.runs.runner.noted(str(run))
    built = [datetime.fromisoformat(noted[name]) for name in ("models", "ended") if name in noted]
    lines = panel.runs.runner.follow(str(run)).lines()[-LINES:]
    end = panel.runs.runner.ended(str(run)).get("sentence", "")
    detail = {
        "run": Run(**found),
        "models_seconds": (built[1] - built[0]).total_seconds() if len(built) > 1 else None,
        "tables": panel.runs.known.log.tables(found["read"]) if found["read"] else [],
        "lines": [{"level": level(line, end), "text": line} for line in lines],
    }
    return RunDetail.model_validate(detail)
