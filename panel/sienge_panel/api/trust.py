"""Whether the numbers agree, and what nobody knows of them."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from sienge_panel import trust
from sienge_panel.choice import title
from sienge_panel.deps import Deps

router = APIRouter(prefix="/trust")


class Check(BaseModel):
    """Two ways to the same total."""

    model: str
    name: str
    value: float
    expected: float
    difference: float
    keys: int
    different: int
    examples: list[str] | None


class Doubt(BaseModel):
    """A code that nobody knows, and what was done with its rows."""

    table: str
    title: str
    field: str
    code: str
    rows: int
    value: float | None
    effect: str


class Gap(BaseModel):
    """A table that is not whole, and the models that read it."""

    table: str
    title: str
    status: str
    reason: str | None
    models: list[str]


class Trust(BaseModel):
    """All of it."""

    checks: list[Check]
    doubts: list[Doubt]
    gaps: list[Gap]


@router.get("")
def get_trust(panel: Deps) -> Trust:
    """Tell what the last build found."""
    return Trust(
        checks=[Check(**row) for row in trust.checks(panel.vault)],
        doubts=[Doubt(**row, title=title(row["table"])) for row in trust.doubts(panel.vault)],
        gaps=[Gap(**row, title=title(row["table"])) for row in trust.gaps(panel.vault)],
    )
