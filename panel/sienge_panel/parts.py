"""The parts behind the interface, and who may reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request

from sienge_panel import credentials
from sienge_panel.alerts import Alerts
from sienge_panel.environment import for_child
from sienge_panel.history import Changes
from sienge_panel.login import COOKIE, Login
from sienge_panel.runs import Runs
from sienge_panel.settings import ProblemError, Settings
from sienge_panel.status import Status
from sienge_panel.vault import Vault

if TYPE_CHECKING:
    from sienge_panel.bi import Reader


class Panel:
    """The parts."""

    def __init__(self, settings: Settings, password: str, reader: Reader) -> None:
        """Connect them."""
        self.settings, self.reader = settings, reader
        self.vault = Vault(settings)
        self.login = Login(password, settings.keys[0], self.vault)
        self.status = Status(settings)
        self.changes = Changes(settings)
        self.runs = Runs(settings, on_end=lambda: self.alerts.check())
        self.alerts = Alerts(settings, self.vault, self.status, self.runs)

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
    """Give the parts."""
    panel: Panel = request.app.state.panel
    return panel


Parts = Annotated[Panel, Depends(panel_of)]


def session(request: Request, panel: Parts) -> str:
    """Let only those in who have a session.

    Raises:
        HTTPException: 401.
    """
    found = panel.login.session(request.cookies.get(COOKIE, ""))
    if found is None:
        raise HTTPException(401, "Entre com a senha do painel.")
    return found


Session = Annotated[str, Depends(session)]
