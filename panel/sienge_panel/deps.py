"""What the routes depend on, and who may call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import Depends, HTTPException, Request

from sienge_panel import credentials
from sienge_panel.alerts import Alerts
from sienge_panel.assistant import Assistant
from sienge_panel.changed_settings import telling
from sienge_panel.changes import Changes
from sienge_panel.environment import for_child
from sienge_panel.guard import READING
from sienge_panel.history import Changes as RowChanges
from sienge_panel.hooks.worker import Worker
from sienge_panel.login import COOKIE, Login, Session
from sienge_panel.problem import ProblemError
from sienge_panel.runs import Runs
from sienge_panel.settings import OWNER, Settings
from sienge_panel.status import Status
from sienge_panel.vault import Vault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sienge_panel.bi import Reader

FREE = "/api/logout"
"""What a reader may do besides looking."""


class Panel:
    """What serves the routes."""

    def __init__(self, settings: Settings, passwords: Mapping[str, str], reader: Reader) -> None:
        """Make each part, and connect those that need another."""
        self.settings, self.reader = settings, reader
        self.vault = Vault(settings)
        self.login = Login(passwords, settings.keys[0], self.vault)
        self.changes = Changes(self.vault)
        self.status = Status(settings)
        self.row_changes = RowChanges(settings)
        self.runs = Runs(settings, on_end=lambda: self.alerts.check())
        self.alerts = Alerts(settings, self.vault, self.status, self.runs)
        self.worker = Worker(settings, self.vault, self.status, self.runs, self.env)
        self.assistant = Assistant(settings.assistant_tokens, settings.assistant_log)

    def env(self) -> dict[str, str]:
        """Give the environment for Meltano, with the credentials and tables that count.

        Raises:
            ProblemError: There are no credentials.
        """
        env = for_child(self.settings, self.vault)
        if not credentials.complete(env):
            raise ProblemError("Faltam as credenciais do Sienge: informe-as em Configurações.")
        return env


def client(request: Request) -> str:
    """Give the address that a request comes from."""
    return request.client.host if request.client else ""


def panel_of(request: Request) -> Panel:
    """Give what serves the routes."""
    panel: Panel = request.app.state.panel
    return panel


Deps = Annotated[Panel, Depends(panel_of)]


def session(request: Request, panel: Deps) -> Session:
    """Let only those in who have a session; a reader changes nothing, whatever route it is.

    Raises:
        HTTPException: 401, 403.
    """
    found = panel.login.session(request.cookies.get(COOKIE, ""))
    if found is None:
        raise HTTPException(401, "Entre com a senha do painel.")
    if found.role != OWNER and request.method not in READING and request.url.path != FREE:
        raise HTTPException(
            403, "Você entrou como leitor e só pode olhar: para mudar, entre com a senha do dono."
        )
    return found


Inside = Annotated[Session, Depends(session)]


def owner(found: Inside) -> None:
    """Let only the owner in.

    Raises:
        HTTPException: 403.
    """
    if found.role != OWNER:
        raise HTTPException(403, "Isto só o dono vê: entre com a senha dele.")


async def noted(request: Request, found: Inside, panel: Deps) -> AsyncIterator[None]:
    """Log what a request does, or changed before it failed; it surrounds all private routes.

    It is asynchronous for the routes to share its context.
    """
    if request.method in READING:
        yield
        return
    done = False
    with telling() as told:
        try:
            yield
            done = True
        finally:
            route: str = request.scope["route"].path
            action = f"{request.method} {route.removeprefix('/api')}"
            if done or told:
                where = client(request)
                await to_thread.run_sync(panel.changes.note, found.role, where, action, told)
