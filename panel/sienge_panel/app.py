"""The HTTP interface, put together."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES

from sienge_panel import page
from sienge_panel.api import (
    alerts,
    assistant,
    bi,
    changes,
    credentials,
    data,
    docs,
    entry,
    first,
    history,
    hooks,
    indicators,
    metrics,
    powerbi,
    runs,
    schedule,
    settlements,
    tables,
    trust,
)
from sienge_panel.bounds import Bounds
from sienge_panel.deps import Panel, noted
from sienge_panel.guard import Guard
from sienge_panel.page import Page
from sienge_panel.problem import ProblemError
from sienge_panel.targets import FieldError
from sienge_panel.throttle import SlowedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sienge_panel.bi import Reader
    from sienge_panel.settings import Settings

PAUSE = 300
"""Seconds between two looks whether an alert is due."""

FILES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
"""What people download, which may have a million rows: compressing them would take a processor."""

logger = logging.getLogger("uvicorn.error")

public = APIRouter()
for area in (entry, metrics):
    public.include_router(area.public)

private = APIRouter(prefix="/api", dependencies=[Depends(noted, scope="function")])
for area in (
    entry, credentials, first, history, runs, tables, data, indicators, schedule, alerts, bi,
    powerbi, trust, settlements, changes, docs, hooks, assistant,
):  # fmt: skip
    private.include_router(area.router)


async def problem(_request: Request, error: Exception) -> JSONResponse:
    """Show the user the sentence, beside the field that it is about, if it is about one."""
    field = {"field": error.field} if isinstance(error, FieldError) else {}
    return JSONResponse({"detail": str(error), **field}, 409)


async def slowed(_request: Request, error: Exception) -> JSONResponse:
    """Tell how long to wait."""
    seconds = error.seconds if isinstance(error, SlowedError) else 1
    return JSONResponse(
        {"detail": f"Muitas senhas erradas: tente de novo em {seconds} s."},
        429,
        {"Retry-After": str(seconds)},
    )


async def no_database(_request: Request, _error: Exception) -> JSONResponse:
    """Say it in one sentence; the driver's own may name hosts and users."""
    return JSONResponse({"detail": "O banco de dados não respondeu."}, 503)


async def malformed(_request: Request, _error: Exception) -> JSONResponse:
    """Refuse a body without repeating it, for a password may be in it."""
    return JSONResponse({"detail": "Pedido malformado."}, 422)


async def watching(panel: Panel) -> None:
    """Look every few minutes whether somebody must be told something."""
    while True:
        try:
            await asyncio.to_thread(panel.alerts.check)
        except Exception:  # the next look may succeed, as when the database is back
            logger.exception("Não consegui conferir os alertas.")
        await asyncio.sleep(PAUSE)


def create(settings: Settings, passwords: Mapping[str, str], reader: Reader) -> FastAPI:
    """Put the interface together."""
    panel = Panel(settings, passwords, reader)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(watching(panel))
        panel.worker.start()
        yield
        watch.cancel()
        await asyncio.to_thread(panel.worker.stop)
        await asyncio.to_thread(panel.runs.stop)

    app = FastAPI(
        title="Painel", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.state.panel = panel
    app.include_router(public)
    app.include_router(private)
    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(SlowedError, slowed)
    app.add_exception_handler(psycopg.OperationalError, no_database)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_middleware(
        GZipMiddleware,
        compresslevel=6,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *FILES),
    )
    scripts: set[str] = set()
    if settings.web.is_dir():
        app.mount("/", Page(directory=settings.web, html=True))
        scripts = page.scripts(settings.web)
    app.add_middleware(
        Guard, scripts=sorted(scripts), hosts=settings.hosts, origins=settings.origins
    )
    app.add_middleware(Bounds)
    return app
