"""Who is told when something is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sienge_panel.alert_answers import Alerts, Form
from sienge_panel.alerts import HOURS
from sienge_panel.answers import Answer
from sienge_panel.deps import Deps
from sienge_panel.problem import ProblemError
from sienge_panel.targets import FORMS

router = APIRouter(prefix="/alerts")


class Hours(BaseModel, extra="forbid"):
    """The age from which on data are old."""

    hours: int = Field(ge=1, le=24 * 366)


class Target(BaseModel, extra="forbid"):
    """What was filled into one of the forms."""

    kind: str = Field(max_length=50)
    fields: dict[str, Annotated[str, Field(max_length=2000)]] = Field(max_length=20)


@router.get("")
def get_alerts(panel: Deps) -> Alerts:
    """List the addresses, without what is secret in them, and what was sent."""
    return Alerts(**panel.alerts.status())


@router.get("/forms")
def get_forms() -> list[Form]:
    """List the forms by which an address is told."""
    return [Form.model_validate({"kind": kind, **asdict(form)}) for kind, form in FORMS.items()]


@router.put("")
def put_alerts(given: Hours, panel: Deps) -> Alerts:
    """Choose when data are old."""
    panel.vault.keep(HOURS, given.hours)
    panel.alerts.check()
    return Alerts(**panel.alerts.status())


@router.post("/targets", status_code=201)
def add_target(given: Target, panel: Deps) -> Alerts:
    """Add an address."""
    panel.alerts.add(given.kind, given.fields)
    return Alerts(**panel.alerts.status())


@router.delete("/targets/{target}")
def remove_target(target: str, panel: Deps) -> Alerts:
    """Take an address away."""
    panel.alerts.remove(target)
    return Alerts(**panel.alerts.status())


@router.post("/test")
def send_test(panel: Deps) -> Answer:
    """Send word to all addresses."""
    if not panel.alerts.status()["targets"]:
        raise ProblemError("Informe antes um endereço para os alertas.")
    if failed := panel.alerts.test():
        message = f"Não consegui enviar por {', '.join(failed)}: confira o endereço."
        return Answer(outcome="failed", message=message)
    return Answer(outcome="ok", message="Teste enviado: confira se chegou.")
