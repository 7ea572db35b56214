"""The first visit."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sienge_panel import first
from sienge_panel.deps import Deps

router = APIRouter(prefix="/first")


class Visit(BaseModel, extra="forbid"):
    """The step that is next; none ends the visit."""

    step: int | None = Field(ge=0, lt=first.STEPS)


@router.put("", status_code=204)
def put_first(given: Visit, panel: Deps) -> None:
    """Keep how far it is."""
    first.go(panel.vault, given.step)
