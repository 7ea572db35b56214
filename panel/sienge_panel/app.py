"""The HTTP interface: what the page may ask."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID  # noqa: TC003, FastAPI reads the annotations

import psycopg
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from sienge_panel import credentials, page, sienge
from sienge_panel.guard import Guard
from sienge_panel.login import COOKIE, LIFETIME, Login, SlowedError
from sienge_panel.page import Page
from sienge_panel.runs import TABLE, Runs
from sienge_panel.settings import ProblemError, Settings
from sienge_panel.status import Status, quota
from sienge_panel.vault import Vault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sienge_panel.bi import Reader


class Password(BaseModel):
    """The panel's own."""

    password: str = Field(max_length=1000)


class Credentials(BaseModel, extra="forbid"):
    """What is absent stays as it is; what is empty is taken away."""

    subdomain: str | None = Field(None, max_length=200)
    username: str | None = Field(None, max_length=200)
    password: str | None = Field(None, max_length=1000)
    plan: str | None = Field(None, max_length=50)
    start_date: str | None = Field(None, max_length=50)
    personal_data: str | None = Field(None, max_length=50)


class Wanted(BaseModel, extra="forbid"):
    """The tables to read now; none means all."""

    tables: list[Annotated[str, Field(pattern=f"^{TABLE.pattern}$", max_length=100)]] = Field(
        default=[], max_length=500
    )


class Panel:
    """The parts behind the interface."""

    def __init__(self, settings: Settings, password: str, reader: Reader) -> None:
        """Connect them."""
        self.settings, self.reader = settings, reader
        self.vault = Vault(settings)
        self.login = Login(password, settings.keys[0], self.vault)
        self.runs, self.status = Runs(settings), Status(settings)

    def env(self) -> dict[str, str]:
        """Give the environment for Meltano, with the credentials that count.

        Raises:
            ProblemError: There are none.
        """
        env = credentials.effective(self.settings.env, self.vault.read())
        if not credentials.complete(env):
            raise ProblemError("Faltam as credenciais do Sienge: informe-as em Configurações.")
        return env


def client(request: Request) -> str:
    """Give the address that a request comes from."""
    return request.client.host if request.client else ""


def session(request: Request) -> str:
    """Let only those in who have a session.

    Raises:
        HTTPException: 401.
    """
    panel: Panel = request.app.state.panel
    found = panel.login.session(request.cookies.get(COOKIE, ""))
    if found is None:
        raise HTTPException(401, "Entre com a senha do painel.")
    return found


def panel_of(request: Request) -> Panel:
    """Give the parts."""
    panel: Panel = request.app.state.panel
    return panel


Parts = Annotated[Panel, Depends(panel_of)]
Session = Annotated[str, Depends(session)]

public = APIRouter()
private = APIRouter(prefix="/api", dependencies=[Depends(session)])


@public.get("/healthz")
def healthz(panel: Parts) -> dict[str, str]:
    """Alive, and so is the database."""
    with panel.vault.connect():
        return {"status": "ok"}


@public.post("/api/login", status_code=204)
def login(given: Password, request: Request, response: Response, panel: Parts) -> None:
    """Open a session."""
    cookie = panel.login.enter(given.password, client(request))
    if cookie is None:
        raise HTTPException(401, "Senha incorreta.")
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="strict", secure=secure
    )


@private.post("/logout", status_code=204)
def logout(found: Session, response: Response, panel: Parts) -> None:
    """End the session."""
    panel.login.leave(found)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@private.get("/credentials")
def get_credentials(panel: Parts) -> dict[str, Any]:
    """Tell which are set, where and when; never what they are."""
    written, given = panel.vault.written(), credentials.from_environment(panel.settings.env)
    return {
        field: {"set": True, "from": "environment"}
        if field in given
        else {"set": True, "from": "panel", "when": written[field]}
        if field in written
        else {"set": False}
        for field in credentials.FIELDS
    }


@private.put("/credentials")
def put_credentials(given: Credentials, panel: Parts) -> sienge.Answer:
    """Save them if the tap accepts their form."""
    stored = panel.vault.read()
    kept = credentials.changed(stored, given.model_dump(exclude_none=True))
    answer = sienge.validate(panel.settings, credentials.effective(panel.settings.env, kept))
    if answer.outcome != "ok":
        raise ProblemError(answer.message)
    panel.vault.write({name: value for name, value in kept.items() if stored.get(name) != value})
    panel.vault.forget(stored.keys() - kept.keys())
    return sienge.Answer("ok", "Credenciais salvas.")


@private.post("/credentials/test")
def test_credentials(panel: Parts) -> sienge.Answer:
    """Ask Sienge for one record."""
    return sienge.connect(panel.settings, panel.env())


@private.post("/credentials/permissions")
def ask_permissions(panel: Parts) -> sienge.Answer:
    """Ask for one record of every table; the page tells the cost beforehand."""
    return sienge.permissions(panel.settings, panel.env())


@private.get("/status")
def get_status(panel: Parts) -> dict[str, Any]:
    """Tell what the data are worth."""
    env = credentials.effective(panel.settings.env, panel.vault.read())
    return {
        "running": panel.runs.running(),
        "configured": credentials.complete(env),
        "last": next(iter(panel.runs.history(1)), None),
        "tables": panel.status.tables(),
        "used": panel.status.used(),
        "quota": quota(env),
        "permissions_cost": sienge.COST,
    }


@private.get("/runs")
def get_runs(panel: Parts) -> list[dict[str, Any]]:
    """List the latest runs."""
    return panel.runs.history()


@private.post("/sync", status_code=202)
def sync(wanted: Wanted, panel: Parts) -> dict[str, str]:
    """Start a run."""
    env = panel.env()
    limit, used = quota(env)["rest"], panel.status.used()["rest"]
    if limit is not None and used >= limit:
        raise ProblemError(
            f"A cota de hoje acabou ({used} de {limit} requisições): a leitura continua amanhã."
        )
    return {"run": panel.runs.start(env, wanted.tables)}


@private.delete("/sync", status_code=202)
def cancel(panel: Parts) -> None:
    """Cancel the run under way."""
    panel.runs.cancel()


@private.get("/runs/{run}/log")
def get_log(run: UUID, panel: Parts) -> PlainTextResponse:
    """Give what a run said."""
    if not panel.runs.log(str(run)).exists():
        raise HTTPException(404, "Não há registro desta execução no painel.")
    return PlainTextResponse("\n".join(text for _, text in panel.runs.lines(str(run))))


@private.get("/runs/{run}/events")
async def get_events(run: UUID, panel: Parts) -> StreamingResponse:
    """Tell what a run says while it says it, as server-sent events; ``end`` closes."""
    if not panel.runs.log(str(run)).exists():
        raise HTTPException(404, "Não há registro desta execução no painel.")

    async def events() -> AsyncIterator[str]:
        offset, live = 0, True
        while live:
            live = panel.runs.live(str(run))  # asked first: what comes after it is the last
            for place, text in list(panel.runs.lines(str(run), offset)):
                offset = place
                yield f"data: {json.dumps(text, ensure_ascii=False)}\n\n"
            if live:
                await asyncio.sleep(0.5)
        yield "event: end\ndata: {}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@private.get("/bi")
def get_bi(panel: Parts) -> dict[str, Any]:
    """Tell how to connect."""
    return panel.reader.told()


@private.get("/bi/sienge.pbids")
def get_pbids(panel: Parts) -> JSONResponse:
    """Give the file for Power BI."""
    attachment = {"Content-Disposition": 'attachment; filename="sienge.pbids"'}
    return JSONResponse(panel.reader.pbids(), headers=attachment)


@private.post("/bi/password")
def tell_password(given: Password, request: Request, panel: Parts) -> dict[str, str]:
    """Tell the reading role's password to whoever knows the panel's."""
    panel.reader.told()
    if not panel.login.verify(given.password, client(request)):
        raise HTTPException(403, "Senha incorreta.")
    return {"password": panel.reader.password}


async def problem(_request: Request, error: Exception) -> JSONResponse:
    """Show the user the sentence."""
    return JSONResponse({"detail": str(error)}, 409)


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


def create(settings: Settings, password: str, reader: Reader) -> FastAPI:
    """Put the interface together."""
    from fastapi.exceptions import RequestValidationError

    panel = Panel(settings, password, reader)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
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
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    scripts: set[str] = set()
    if settings.web.is_dir():
        app.mount("/", Page(directory=settings.web, html=True))
        scripts = page.scripts(settings.web)
    app.add_middleware(Guard, scripts=sorted(scripts))
    return app
