"""The documentation of the models: the one page that `dbt docs` leaves after a build."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import FileResponse

from sienge_panel.parts import Parts, session

POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
)
"""All of dbt's page is inline; in the sandbox it has no origin, so the session is out of reach."""

router = APIRouter(dependencies=[Depends(session)])


@router.get("/docs")
def get_docs(panel: Parts) -> FileResponse:
    """Give the page."""
    if not panel.settings.docs.exists():
        raise HTTPException(404, "A documentação dos modelos aparece depois da sincronização.")
    return FileResponse(panel.settings.docs, headers={"Content-Security-Policy": POLICY})
