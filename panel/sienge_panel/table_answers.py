"""What the panel answers of one table: its columns, rows and reads."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel


class TableColumn(BaseModel):
    """A column of a table; ``hidden``: its values are masked."""

    name: str
    title: str
    kind: str
    personal: bool
    hidden: bool
    indexed: bool


class About(BaseModel):
    """What a table is, and which models are made of it."""

    table: str
    title: str
    description: str
    domain: str
    paths: list[str]
    daily: str
    requests: str
    columns: list[TableColumn]
    models: list[str]


class Rows(BaseModel):
    """The first rows, as texts; ``whole``: not only of a sample of the table."""

    columns: list[str]
    rows: list[list[str | None]]
    whole: bool
    sample: int


class PastRead(BaseModel):
    """One read of a table, in the words of ``sync_log``."""

    at: datetime
    status: str
    extent: str | None
    rows: int | None
    rejected: int | None
    requests: int | None
    seconds: float | None
    warnings: list[str] | None
    error: str | None


class Rejected(BaseModel):
    """A record that could not be a row; what it said only where personal data may be seen."""

    at: datetime | None
    reason: str | None
    record: str | None


class History(BaseModel):
    """The reads of thirty days; ``full_cost``: the requests of a whole one, if there was one."""

    reads: list[PastRead]
    full_cost: int | None
    rejected: list[Rejected]


class Changed(BaseModel):
    """Rows that came and went on a day."""

    day: date
    new: int
    deleted: int


class Changes(BaseModel):
    """Those of thirty days; None while they are counted."""

    days: list[Changed] | None


class Personal(BaseModel):
    """Whether personal data may be seen in the panel."""

    shown: bool
