"""What the panel answers of the indicators."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class Named(BaseModel):
    """A company."""

    code: int
    name: str | None


class Development(Named):
    """A development of a company."""

    company: int | None


class IndicatorColumn(BaseModel):
    """A column of an indicator's rows."""

    name: str
    title: str
    kind: Literal["mes", "data", "texto", "reais", "inteiro", "percentual"]


class Indicator(BaseModel):
    """A number, what it means, and how it is drawn: ``drawn`` over the first column."""

    id: str
    title: str
    definition: str
    models: list[str]
    columns: list[IndicatorColumn]
    chart: Literal["bars", "stack", "lines", "rows"]
    drawn: list[str]
    number: str
    kind: Literal["reais", "inteiro", "percentual"]
    by: list[Literal["company", "development", "period"]]


class Indicators(BaseModel):
    """All of them, and by what they may be filtered."""

    indicators: list[Indicator]
    companies: list[Named]
    developments: list[Development]


class Figures(BaseModel):
    """What an indicator comes to; ``fresh``: the oldest last read of its tables."""

    rows: list[list[str | float | None]]
    number: float | None
    query: str
    fresh: datetime | None
    missing: list[str]
