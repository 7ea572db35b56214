"""What the panel answers on Sienge's webhooks and the events that came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel


class Event(BaseModel):
    """An event, and what came of it; ``next``: when it is tried again."""

    id: int
    type: str
    title: str
    ids: dict[str, Any]
    received: datetime
    done: datetime | None
    attempts: int
    next: datetime | None
    result: Literal["esperando", "lido", "removido", "não lido", "desconhecido", "separado"]
    reason: str | None


class EventCount(BaseModel):
    """How many events of a type came on a day."""

    day: date
    type: str
    events: int


class Registered(BaseModel):
    """When a person had Sienge call us, and for how many events."""

    when: datetime
    events: int


class Hooks(BaseModel):
    """Whether Sienge calls us, and what it told."""

    origin: str
    """The public address, without the secret; empty if the server was told none."""
    address: str | None
    """The whole one, only for the owner."""
    registered: Registered | None
    configured: bool
    waiting: int
    aside: int
    last: datetime | None
    seconds: float | None
    """Half of the events of this day landed in so many seconds or less."""
    events: list[Event]
    set_aside: list[Event]
    days: list[EventCount]


class Token(BaseModel):
    """What Sienge sends in the header, for who registers by hand."""

    token: str
