"""What the panel answers; the page's types are made of these (`make docs`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from sienge_panel.run_answers import Day, Run


class Health(BaseModel):
    """Alive, and so is the database."""

    status: Literal["ok"]


class Visitor(BaseModel):
    """As whom one is in."""

    role: Literal["dono", "leitor"]


class Value(BaseModel):
    """A setting that was changed; of a secret, nothing is told but its name."""

    name: str
    secret: bool
    before: Any
    after: Any


class Change(BaseModel):
    """Who did what; ``role`` is empty if it is not known, as of a wrong password."""

    id: int
    when: datetime
    role: str
    address: str
    action: str
    values: list[Value]


class Requests(BaseModel):
    """Requests of each of the API's two kinds."""

    rest: int
    bulk: int


class Quota(BaseModel):
    """The most of them that a day may have, where that is known."""

    rest: int | None
    bulk: int | None


class Table(BaseModel):
    """What the last read of a table came to, in the words of ``sync_log``, and its rows."""

    table: str
    title: str
    status: str
    extent: str | None
    rows: int | None
    rejected: int | None
    requests: int | None
    warnings: list[str] | None
    error: str | None
    seconds: float | None
    finished: datetime | None
    good: datetime | None
    """The end of the last good read."""
    total: int | None
    new: int | None
    deleted: int | None
    live: bool
    """Whether a round or an event brought what changed in it, within a day."""
    allowed: bool = False
    """Whether a test could read what the last run could not."""


class Days(BaseModel):
    """The last thirty days, the oldest first."""

    days: list[Day]
    quota: Quota


class Status(BaseModel):
    """What the data are worth."""

    running: str
    configured: bool
    setup: Literal["new", "ready", "external"]
    problem: str
    last: Run | None
    """But for rounds and events."""
    last_round: Run | None
    first: int | None
    """The step of the first visit that is next; None where it is over."""
    tables: list[Table]
    failed_models: list[str]
    doubtful_models: list[str]
    used: Requests
    quota: Quota
    next: datetime | None
    next_round: datetime | None
    permissions_cost: int


class Started(BaseModel):
    """The run that was started."""

    run: str


class Step(BaseModel):
    """How far a run is; no table: the models are built."""

    table: str
    title: str
    step: str | None
    number: int | None
    of: int | None
    rows: int | None


class Credential(BaseModel):
    """Whether a credential is set, and where; what is not known is left out."""

    set: bool
    origin: Literal["panel", "environment"] | None = Field(None, alias="from")
    when: datetime | None = None
    value: str | None = None
    """What it is, unless it is a secret."""


Outcome = Literal[
    "ok", "settings", "password", "permission", "subdomain", "down", "quota", "busy", "failed"
]
"""The tap's own words (its `verdict.py`), in which ``down`` means also ``maintenance``."""


class Answer(BaseModel):
    """What came of a test or a change."""

    outcome: Outcome
    message: str
    readable: list[str] = []
    refused: list[str] = []


class Cost(BaseModel):
    """Requests a day by the API's two quotas; ``unknown``: tables of which nothing is known."""

    rest: int
    bulk: int
    unknown: int


class Choice(BaseModel):
    """Presets and single tables."""

    presets: list[str]
    tables: list[str]


class Preset(BaseModel):
    """Tables that go together."""

    name: str
    title: str
    tables: list[str]
    cost: Cost


class Choosable(BaseModel):
    """A table that may be read."""

    table: str
    title: str
    description: str
    domain: str
    kind: Literal["rest", "bulk"]
    requests: str
    daily: str
    chosen: bool
    cost: int | None
    cost_from: Literal["measured", "estimate", "first"] | None
    first_cost: int | None
    """The requests of a read of everything, as on the first day."""


class Listing(BaseModel):
    """What may be chosen, what is, and what it costs."""

    origin: Literal["environment", "panel", "default"] = Field(alias="from")
    fixed_by: str
    chosen: Choice
    cost: Cost
    presets: list[Preset]
    tables: list[Choosable]


class Read(BaseModel):
    """One read of a table."""

    at: str
    rows: int | None
    extent: str | None


class Place(BaseModel):
    """How Power BI and others connect."""

    host: str
    port: int
    database: str
    user: str
    odbc: str
    jdbc: str


class Revealed(BaseModel):
    """The reading role's password."""

    password: str
