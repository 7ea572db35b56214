"""The documentation of the models: the one page that `dbt docs` leaves after a build."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from sienge_panel.deps import Deps

HEADERS = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""All of dbt's page is inline; in the sandbox it has no origin, so the session is out of reach."""

router = APIRouter()


@router.get("/docs", response_class=FileResponse)
def get_docs(panel: Deps) -> FileResponse:
    """Give the page, which the panel's own shows in a frame."""
    if not panel.settings.docs.exists():
        raise HTTPException(404, "A documentação dos modelos aparece depois da sincronização.")
    return FileResponse(panel.settings.docs, headers=HEADERS)
