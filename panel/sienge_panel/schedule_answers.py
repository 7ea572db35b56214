"""What the panel answers on when the data are read, and what that costs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from sienge_panel.answers import Quota, Requests


class Plan(BaseModel, extra="forbid"):
    """When the data are read: at some times of the day, or every so many minutes of some hours."""

    times: list[str] = Field(default=[], max_length=48)
    every: Literal[30, 60, 120, 180, 240, 360] | None = None
    first: int = Field(0, ge=0, le=23)
    last: int = Field(23, ge=0, le=23)
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        default=[0, 1, 2, 3, 4, 5, 6], min_length=1, max_length=7
    )
    """Monday is 0."""


class Rounds(BaseModel, extra="forbid"):
    """When what changed is asked for, between the readings of everything."""

    every: Literal[10, 15, 20, 30, 60, 120, 180, 240]
    first: int = Field(7, ge=0, le=23)
    last: int = Field(20, ge=0, le=23)
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        default=[0, 1, 2, 3, 4], min_length=1, max_length=7
    )


class Spent(BaseModel):
    """What a plan comes to on one of its days."""

    words: str
    runs: int
    rest: int
    bulk: int
    unknown: int
    quota: Quota
    used: Requests
    """What was used today, by whatever counted."""


class RoundsSpent(BaseModel):
    """What rounds come to on one of their days, and what the readings of everything leave them."""

    words: str
    runs: int
    rest: int
    bulk: int
    tables: int
    """How many of the chosen tables can tell what changed."""
    measured: bool
    """Whether the last rounds tell; else it is the most that a quiet round asks."""
    left: Quota
    night: Requests
    instead: str
    """The shortest interval that fits, in words, where this one does not; empty if none does."""


class Part(BaseModel):
    """When one of the two kinds of reading begins; ``cron`` is empty where never."""

    origin: Literal["environment", "panel", "default"] = Field(alias="from")
    cron: str
    words: str
    next: datetime | None


class RoundTimes(Part):
    """When rounds are made."""

    plan: Rounds | None


class Times(Part):
    """When everything is read, and whether anything keeps to it; and the rounds between."""

    hour: int | None
    plan: Plan | None
    active: bool
    rounds: RoundTimes
