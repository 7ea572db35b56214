"""The assistants' tokens, and what they asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from sienge_panel.answers import Answer
from sienge_panel.deps import Deps, owner
from sienge_panel.hook_answers import Token

router = APIRouter(prefix="/assistant", dependencies=[Depends(owner)])

Name = r"^[\w@.+ -]+$"
LONGEST = 60
"""Characters of a name."""


class AssistantToken(BaseModel):
    """A token: whose it is, since when, and when it was last used, as far as the log tells."""

    name: str
    made: datetime
    used: datetime | None


class Call(BaseModel):
    """What was asked, with which SQL, and what came of it."""

    when: datetime
    who: str
    tool: str
    arguments: dict[str, Any]
    sql: str | None
    ms: float | None
    rows: int | None
    cut: str | None
    """Why not all rows were given."""
    error: str | None


class Assistants(BaseModel):
    """All of it."""

    tokens: list[AssistantToken]
    calls: list[Call]


class Named(BaseModel, extra="forbid"):
    """For whom a token is."""

    name: Annotated[str, Field(pattern=Name, max_length=LONGEST)]


@router.get("")
def get_assistants(panel: Deps) -> Assistants:
    """Tell who may ask, and what was asked."""
    calls = [Call(**call) for call in panel.assistant.calls()]
    used: dict[str, datetime] = {}
    for call in calls:
        used.setdefault(call.who, call.when)
    tokens = [
        AssistantToken(
            name=name, made=datetime.fromisoformat(kept["feita_em"]), used=used.get(name)
        )
        for name, kept in panel.assistant.tokens().items()
    ]
    return Assistants(tokens=tokens, calls=calls)


@router.post("/tokens")
def make_token(given: Named, panel: Deps) -> Token:
    """Make a token, and tell it this once."""
    return Token(token=panel.assistant.make(given.name.strip()))


@router.delete("/tokens/{name:path}")
def revoke_token(name: Annotated[str, Path(max_length=1000)], panel: Deps) -> Answer:
    """Make a token worthless, whatever made it."""
    panel.assistant.revoke(name)
    return Answer(outcome="ok", message=f"A ficha {name} não vale mais.")
