"""What the panel answers on runs, on why they failed, and on what may not be read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

Action = Literal["credentials", "test", "sync", "tables", "permissions", "schedule", "log"]
"""What a person does about a cause; ``tables``: read just its tables again."""


class Cause(BaseModel):
    """Why something did not go well, and what to do."""

    code: str
    tone: Literal["warn", "bad"]
    title: str
    sentence: str
    action: Action
    tables: list[str]


class Run(BaseModel):
    """A run, in Meltano's words; ``lost``: it has stopped telling that it lives."""

    id: str
    state: str
    started: datetime
    ended: datetime | None
    """With its models, where a runner noted it."""
    trigger: str | None
    started_by: Literal["panel", "schedule", "round", "hook", "command", "other"]
    log: bool
    cancelled: bool
    cause: Cause | None
    tables: int | None
    """How many it read, or is to read."""
    rows: int | None
    requests: int | None


class RunTable(BaseModel):
    """What a run came to for one table."""

    table: str
    title: str
    status: str
    rows: int | None
    requests: int | None
    seconds: float | None
    error: str | None


class Line(BaseModel):
    """A line of a run's log."""

    level: Literal["info", "warning", "error"]
    text: str


class RunDetail(BaseModel):
    """All that is known of a run."""

    run: Run
    models_seconds: float | None
    tables: list[RunTable]
    lines: list[Line]


class Day(BaseModel):
    """What the runs of a day came to, and the requests that they made."""

    day: date
    state: Literal["none", "good", "warn", "bad"]
    runs: int
    rest: int
    bulk: int


class DayTable(BaseModel):
    """The requests of a table on a day."""

    table: str
    title: str
    kind: Literal["rest", "bulk"]
    requests: int


class Refused(BaseModel):
    """A table that the API user may not read."""

    table: str
    title: str
    path: str
    reason: str
    since: datetime


class Resource(BaseModel):
    """A resource as Sienge lists it among the authorisations of an API user."""

    name: str
    title: str
    tables: list[Refused]


class Permissions(BaseModel):
    """Which of the read tables may not be read, by Sienge's resources."""

    total: int
    readable: int
    resources: list[Resource]
    checked: datetime | None
    """When people last asked."""


class Begun(BaseModel):
    """A run that goes on: since when, of how many tables, and how long the last like it took."""

    at: datetime
    tables: int | None
    expected: float | None
