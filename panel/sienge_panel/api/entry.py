"""Coming in and going out."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from sienge_panel.answers import Health
from sienge_panel.login import COOKIE, LIFETIME
from sienge_panel.parts import Parts, Session, client

public = APIRouter()
router = APIRouter()


class Password(BaseModel):
    """The panel's own."""

    password: str = Field(max_length=1000)


@public.get("/healthz")
def healthz(panel: Parts) -> Health:
    """Alive, and so is the database."""
    with panel.vault.connect():
        return Health(status="ok")


@public.post("/api/login", status_code=204)
def login(given: Password, request: Request, response: Response, panel: Parts) -> None:
    """Open a session."""
    cookie = panel.login.enter(given.password, client(request))
    if cookie is None:
        raise HTTPException(401, "Senha incorreta.")
    # As the browser sees it, whatever stands between; that it is the panel's page was checked.
    secure = request.headers.get("origin", "").startswith("https:")
    response.set_cookie(
        COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="strict", secure=secure
    )


@router.post("/logout", status_code=204)
def logout(found: Session, response: Response, panel: Parts) -> None:
    """End the session."""
    panel.login.leave(found)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
