"""How Power BI connects."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from sienge_panel.answers import Place, Revealed
from sienge_panel.api.entry import Password
from sienge_panel.changes import WRONG
from sienge_panel.deps import Deps, client
from sienge_panel.settings import OWNER

router = APIRouter(prefix="/bi")


@router.get("")
def get_bi(panel: Deps) -> Place:
    """Tell how to connect."""
    return Place(**panel.reader.connection())


@router.get("/sienge.pbids")
def get_pbids(panel: Deps) -> JSONResponse:
    """Give the file for Power BI."""
    attachment = {"Content-Disposition": 'attachment; filename="sienge.pbids"'}
    return JSONResponse(panel.reader.pbids(), headers=attachment)


@router.post("/password")
def tell_password(given: Password, request: Request, panel: Deps) -> Revealed:
    """Tell the reading role's password to whoever knows the panel's."""
    panel.reader.connection()
    if panel.login.verify(given.password, client(request)) != OWNER:
        panel.changes.note(OWNER, client(request), WRONG)
        raise HTTPException(403, "Senha incorreta.")
    return Revealed(password=panel.reader.password)
