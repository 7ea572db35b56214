"""Coming in and going out."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from sienge_panel.answers import Health, Visitor
from sienge_panel.changes import WRONG
from sienge_panel.deps import Deps, Inside, client
from sienge_panel.login import COOKIE, LIFETIME

public = APIRouter()
router = APIRouter()


class Password(BaseModel):
    """The panel's own."""

    password: str = Field(max_length=1000)


@public.get("/healthz")
def healthz(panel: Deps) -> Health:
    """Alive, and so is the database."""
    with panel.vault.connect():
        return Health(status="ok")


@public.post("/api/login", status_code=204)
def login(given: Password, request: Request, response: Response, panel: Deps) -> None:
    """Open a session."""
    address = client(request)
    entered = panel.login.enter(given.password, address)
    if entered is None:
        panel.changes.note("", address, WRONG)
        raise HTTPException(401, "Senha incorreta.")
    role, cookie = entered
    if old := panel.login.session(request.cookies.get(COOKIE, "")):
        panel.login.leave(old.id)
    panel.changes.note(role, address, "POST /login")
    # As the browser sees it, whatever stands between; that it is the panel's page was checked.
    secure = request.headers.get("origin", "").startswith("https:")
    response.set_cookie(
        COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="strict", secure=secure
    )


@router.get("/session")
def get_session(found: Inside) -> Visitor:
    """Tell as whom one is in."""
    return Visitor.model_validate({"role": found.role})


@router.post("/logout", status_code=204)
def logout(found: Inside, response: Response, panel: Deps) -> None:
    """End the session."""
    panel.login.leave(found.id)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
