"""The credentials of Sienge: saved and tried, never told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from sienge_panel import credentials, permissions, sienge
from sienge_panel.answers import Answer, Credential
from sienge_panel.deps import Deps, owner
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SIENGE
from sienge_panel.run_answers import Permissions

router = APIRouter(prefix="/credentials", dependencies=[Depends(owner)])


Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""What an environment variable can hold on one line."""


class Credentials(BaseModel, extra="forbid"):
    """What is absent stays as it is; what is empty is taken away."""

    subdomain: Text | None = Field(None, max_length=200)
    username: Text | None = Field(None, max_length=200)
    password: Text | None = Field(None, max_length=1000)
    plan: Text | None = Field(None, max_length=50)
    start_date: Text | None = Field(None, max_length=50)
    personal_data: Text | None = Field(None, max_length=50)


@router.get("", response_model_exclude_unset=True)
def get_credentials(panel: Deps) -> dict[str, Credential]:
    """Tell which are set, where and when, and what they are but for the secrets."""
    given = credentials.from_environment(panel.settings.env)
    lost = panel.vault.lost()
    written = {name: when for name, when in panel.vault.written().items() if name not in lost}
    values = {**panel.vault.read(), **given}
    sources: dict[str, dict[str, Any]] = {
        field: {"set": True, "from": "environment"}
        if field in given
        else {"set": True, "from": "panel", "when": written[field]}
        if field in written
        else {"set": False}
        for field in credentials.FIELDS
    }
    for field, known in sources.items():
        if known["set"] and field not in credentials.SECRET:
            known["value"] = values[field]
    return {field: Credential.model_validate(known) for field, known in sources.items()}


@router.get("/plans")
def get_plans() -> list[str]:
    """List the plans that Sienge sells."""
    return list(SIENGE["plans"])


@router.put("")
def put_credentials(given: Credentials, panel: Deps) -> Answer:
    """Save them if the tap accepts their form."""
    stored, lost = panel.vault.read(), panel.vault.lost()
    known = credentials.from_environment(panel.settings.env)
    if "personal_data" in lost - known.keys() and given.personal_data is None:
        raise ProblemError(
            "O que fazer com os dados pessoais foi cifrado com outra chave: diga-o de novo."
        )
    wanted = credentials.cleaned(given.model_dump(exclude_none=True))
    kept = credentials.changed(stored, wanted)
    answer = sienge.validate(panel.settings, credentials.effective(panel.settings.env, kept))
    if answer.outcome != "ok":
        raise ProblemError(answer.message)
    panel.vault.write({name: value for name, value in kept.items() if stored.get(name) != value})
    own = {*credentials.FIELDS, credentials.KEY}
    panel.vault.forget((stored.keys() | lost & own) - kept.keys())
    return Answer(outcome="ok", message="Credenciais salvas.")


@router.post("/test")
def test_credentials(panel: Deps) -> Answer:
    """Ask Sienge for one record."""
    return sienge.connect(panel.settings, panel.env())


@router.post("/permissions")
def ask_permissions(panel: Deps) -> Answer:
    """Ask for one record of every table; the page tells the cost beforehand."""
    answer, found = sienge.permissions(panel.settings, panel.env())
    permissions.note(panel.vault, found)
    return answer


@router.get("/permissions")
def get_permissions(panel: Deps) -> Permissions:
    """Tell which of the read tables may not be read, by Sienge's resources."""
    latest = panel.runs.known.latest(permissions.LATELY, partial=False)
    tables = permissions.known(panel, latest)
    return Permissions.model_validate(permissions.summary(panel.vault, tables))


@router.post("/permissions/again")
def ask_again(panel: Deps) -> Answer:
    """Ask for one record of each table that may not be read, and of no other."""
    known = get_permissions(panel)
    refused = [table.table for resource in known.resources for table in resource.tables]
    if not refused:
        return Answer(outcome="ok", message="Não há tabelas sem permissão.")
    answer, found = sienge.permissions(panel.settings, panel.env(), refused)
    permissions.note(panel.vault, {name: found[name] for name in refused if name in found})
    return answer
