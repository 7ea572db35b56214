"""The receiver of Sienge's events as a process, and Sienge's manners to call it."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests
from sienge_panel.hooks.keys import keys
from sienge_panel.settings import Settings
from sienge_panel.vault import Vault

from tests.panel import COMMAND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Receiver:
    """A running receiver; ``log`` is what it said."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.env, self.log = env, log
        self.url = f"http://127.0.0.1:{env['PANEL_HOOKS_PORT']}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.start()
        settings = Settings.read(env)
        self.keys = keys(settings, Vault(settings))

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "ganchos"], env=self.env, stdout=output, stderr=output
            )
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()
            try:
                self.session.get(self.url, timeout=5)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                break

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

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
