"""The receiver of Sienge's events as a process, and Sienge's manners to call it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests
from sienge_panel.hooks.keys import keys
from sienge_panel.settings import Settings
from sienge_panel.vault import Vault
from sienge_simulator import testing

from demo.postgres import free_port
from tests.panel import Panel, Program, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from testing.pipeline import Line


class Receiver(Program):
    """A running receiver."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        super().__init__("ganchos", "PANEL_HOOKS_PORT", env, log)
        self.session = requests.Session()
        self.session.trust_env = False
        settings = Settings.read(env)
        self.keys = keys(settings, Vault(settings))

    def tell(
        self,
        event: str,
        ids: Any,  # noqa: ANN401
        number: str = "",
        path: str = "",
        **headers: str,
    ) -> requests.Response:
        """Call as Sienge does; ``headers`` take the place of its own."""
        own = {
            "authorization": f"Bearer {self.keys.token}",
            "x_sienge_tenant": self.keys.tenant,
            "x_sienge_event": event,
            "x_sienge_hook_id": "1c9f",
            "x_sienge_id": number or str(uuid4()),
        }
        return self.session.post(
            self.url + (path or self.keys.path),
            data=ids if isinstance(ids, bytes) else None,
            json=None if isinstance(ids, bytes) else ids,
            headers={name.replace("_", "-"): it for name, it in {**own, **headers}.items()},
            timeout=60,
        )


@contextmanager
def running_hooks(line: Line, folder: Path, **changes: str) -> Iterator[tuple[Panel, Receiver]]:
    """Start a panel and its receiver of events, and stop both in the end."""
    port = str(free_port())
    user, password = testing.USER
    own = {
        "TAP_SIENGE_SUBDOMAIN": str(line.simulator.config["subdomain"]),
        "TAP_SIENGE_USERNAME": user,
        "TAP_SIENGE_PASSWORD": password,
        "PANEL_HOOKS_PORT": port,
        "PANEL_HOOKS_URL": f"http://127.0.0.1:{port}",
        **changes,
    }
    with running_panel(line, folder / "painel.log", **own) as panel:
        receiver = Receiver(panel.env, folder / "receptor.log")
        try:
            yield panel, receiver
        finally:
            receiver.stop()
