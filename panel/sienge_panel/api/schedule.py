"""When the data are read."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sienge_panel.answers import Times
from sienge_panel.parts import Parts
from sienge_panel.schedule import HOUR, Schedule
from sienge_panel.settings import ProblemError

router = APIRouter(prefix="/schedule")


class Hour(BaseModel, extra="forbid"):
    """An hour of São Paulo's day."""

    hour: int = Field(ge=0, le=23)


@router.get("")
def get_schedule(panel: Parts) -> Times:
    """Tell when, and whether anything keeps to it."""
    return Times(**Schedule.read(panel.settings, panel.vault).told())


@router.put("")
def put_schedule(given: Hour, panel: Parts) -> Times:
    """Choose the hour."""
    if panel.settings.env.get("SYNC_CRON"):
        raise ProblemError("O horário está fixado no servidor, em SYNC_CRON.")
    panel.vault.keep(HOUR, given.hour)
    return get_schedule(panel)
