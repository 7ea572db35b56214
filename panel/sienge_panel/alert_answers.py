"""What the panel answers of the alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class Target(BaseModel):
    """Where alerts go, without what is secret in the address."""

    id: str
    service: str
    url: str


class Entry(BaseModel):
    """A field of a form."""

    name: str
    title: str
    hint: str
    kind: Literal["text", "password", "number"]
    required: bool
    options: list[tuple[str, str]]
    default: str


class Form(BaseModel):
    """A way to be told of alerts."""

    kind: str
    title: str
    fields: list[Entry]


class Sent(BaseModel):
    """An alert that was sent."""

    cause: str
    sent: datetime
    text: str


class Alerts(BaseModel):
    """Who is told, when data are old, and what was told."""

    targets: list[Target]
    hours: int
    sent: list[Sent]
