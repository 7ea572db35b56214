"""Sienge's webhooks: where they call, what they told, and the buttons that write to Sienge."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field

from sienge_panel import credentials
from sienge_panel.answers import Answer
from sienge_panel.api.entry import Password
from sienge_panel.changes import WRONG
from sienge_panel.deps import Deps, Inside, Panel, client, owner
from sienge_panel.environment import for_child
from sienge_panel.hook_answers import Event, EventCount, Hooks, Registered, Token
from sienge_panel.hooks import keys, registration, store
from sienge_panel.hooks.families import DOCUMENTED, title
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO
from sienge_panel.settings import OWNER

if TYPE_CHECKING:
    from typing_extensions import LiteralString

router = APIRouter(prefix="/hooks")

SHOWN = 100
"""Events."""

REGISTERED = "ganchos"
"""The choice that tells when a person had Sienge call us."""

only_owner = Depends(owner)


@router.get("")
def get_hooks(panel: Deps, found: Inside) -> Hooks:
    """Tell where Sienge calls, and what it told; the secret of the address only to the owner."""
    origin, vault = panel.settings.hooks_url, panel.vault
    try:
        configured = credentials.complete(for_child(panel.settings, vault))
    except ProblemError:
        configured = False
    address = None
    if origin and found.role == OWNER:
        address = origin + keys.keys(panel.settings, vault).path
    kept = vault.kept(REGISTERED)
    return Hooks(
        origin=origin,
        address=address,
        registered=Registered(**kept) if kept else None,
        configured=configured,
        events=_events(panel, store.LATEST),
        set_aside=_events(panel, store.ASIDE),
        days=[EventCount(**row) for row in panel.worker.store.rows(store.DAYS)],
        **panel.worker.store.rows(store.TOTALS)[0],
    )


def _events(panel: Panel, query: LiteralString) -> list[Event]:
    rows = panel.worker.store.rows(query, {"limit": SHOWN})
    return [Event(title=title(row["type"]), **row) for row in rows]


@router.post("/check", dependencies=[only_owner])
def check(panel: Deps) -> Answer:
    """Ask our own public address whether the receiver answers there."""
    wrong = registration.reach(_origin(panel), keys.keys(panel.settings, panel.vault))
    if wrong:
        return Answer(outcome="failed", message=wrong)
    return Answer(
        outcome="ok",
        message="O receptor respondeu no endereço público. Daqui não se vê se o Sienge também o "
        "alcança: os avisos, abaixo, o mostram.",
    )


class Wanted(BaseModel, extra="forbid"):
    """Events besides the documented ones."""

    more: list[Annotated[str, Field(pattern=r"^[A-Z]+(_[A-Z]+)+$", max_length=100)]] = Field(
        default=[], max_length=200
    )


@router.post("/registration", dependencies=[only_owner])
def register(wanted: Wanted, panel: Deps) -> Answer:
    """Have Sienge call us, once we answer there."""
    origin, known = _origin(panel), keys.keys(panel.settings, panel.vault)
    if wrong := registration.reach(origin, known):
        raise ProblemError(f"Nada foi registrado. {wrong}")
    events = dict.fromkeys([*DOCUMENTED, *wanted.more])
    registration.Hooks(panel.env()).register(origin, known, events)
    now = datetime.now(SAO_PAULO).isoformat(timespec="seconds")
    panel.vault.keep(REGISTERED, {"when": now, "events": len(events)})
    return Answer(outcome="ok", message="O Sienge passa a avisar este painel.")


@router.delete("/registration", dependencies=[only_owner])
def remove(panel: Deps) -> Answer:
    """Have Sienge no longer call us; the secrets that it knew open nothing any more."""
    count = registration.Hooks(panel.env()).remove(_origin(panel))
    panel.vault.keep(REGISTERED, None)
    keys.forget(panel.vault)
    message = "Não havia gancho deste painel no Sienge" if not count else "O Sienge não avisa mais"
    return Answer(outcome="ok", message=f"{message}. O segredo e o token antigos não valem mais.")


@router.post("/token", dependencies=[only_owner])
def tell_token(given: Password, request: Request, panel: Deps) -> Token:
    """Tell the token to whoever knows the panel's password, to register by hand."""
    if panel.login.verify(given.password, client(request)) != OWNER:
        panel.changes.note(OWNER, client(request), WRONG)
        raise HTTPException(403, "Senha incorreta.")
    return Token(token=keys.keys(panel.settings, panel.vault).token)


@router.post("/again", dependencies=[only_owner])
def try_again(panel: Deps, event: Annotated[int | None, Query()] = None) -> Answer:
    """Try an event that was set aside once more, or all of them."""
    found = panel.worker.store.rows(store.AGAIN, {"id": event})
    if not found:
        raise ProblemError("Este aviso já não está separado.")
    return Answer(outcome="ok", message="Volta à fila: é lido em alguns segundos.")


def _origin(panel: Panel) -> str:
    """Give the public address.

    Raises:
        ProblemError: The server was told none.
    """
    if not panel.settings.hooks_url:
        raise ProblemError(
            "Falta o endereço público: ponha PANEL_HOOKS_URL no .env e reinicie o painel."
        )
    return panel.settings.hooks_url
