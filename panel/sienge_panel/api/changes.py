"""Who changed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from sienge_panel.answers import Change
from sienge_panel.deps import Deps, owner

router = APIRouter(prefix="/changes", dependencies=[Depends(owner)])


@router.get("")
def get_changes(
    panel: Deps, before: Annotated[int | None, Query(ge=1, lt=2**63)] = None
) -> list[Change]:
    """List the newest changes and wrong passwords, or those before one."""
    return [Change(**change) for change in panel.changes.latest(before)]
