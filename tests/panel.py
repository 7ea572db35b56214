"""The panel as a process, and a browser's manners to talk to it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import requests
from cryptography.fernet import Fernet

from demo.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from testing.pipeline import Line

PASSWORD = "tijolo-cimento-e-cal"
READING = "areia-brita-e-agua"
TOKEN = "segredo-do-canal"
COMMAND = [sys.executable, "-m", "sienge_panel"]


class Program:
    """A program of the panel, as a process; ``url`` is where, ``log`` what it said."""

    def __init__(
        self, command: str, port: str, env: Mapping[str, str], log: Path, folder: Path | None = None
    ) -> None:
        self.command, self.env, self.log, self.folder = command, env, log, folder
        self.url = f"http://127.0.0.1:{env[port]}"
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*COMMAND, self.command],
                cwd=self.folder,
                env=self.env,
                stdout=output,
                stderr=output,
            )
        for _ in range(600):
            try:
                requests.get(f"{self.url}/healthz", timeout=5)
            except requests.ConnectionError:  # noqa: PERF203
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
            else:
                break

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


class Panel(Program):
    """A running panel."""

    def __init__(self, line: Line, env: Mapping[str, str], log: Path) -> None:
        self.line = line
        super().__init__("serve", "PANEL_PORT", env, log, line.project)

    def browser(self, *, login: bool = True, password: str = PASSWORD) -> Browser:
        browser = Browser(self.url)
        if login:
            assert browser.post("/api/login", {"password": password}).status_code == 204
        return browser


class Browser(requests.Session):
    """Sends what a browser sends, and keeps all that it was answered."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.trust_env = False
        self.url, self.headers["Origin"] = url, url
        self.headers["Connection"] = "close"  # a kept one may be closed just when it is used again
        self.answers: list[str] = []

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        answer = self.request(method, self.url + path, timeout=300, **options)
        self.answers.append(f"{answer.headers}{answer.text}")
        return answer

    def read(self, path: str) -> Any:  # noqa: ANN401
        answer = self.ask("GET", path)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401
        return self.ask("POST", path, json=body, **options)

    def sync(self, *tables: str) -> str:
        """Read all, or some tables, to the end; give the run's id. One under way ends first."""
        if under_way := self.read("/api/status")["running"]:
            self.ask("GET", f"/api/runs/{under_way}/events")
        answer = self.post("/api/sync", {"tables": tables})
        assert answer.status_code == 202, answer.text
        run: str = answer.json()["run"]
        self.ask("GET", f"/api/runs/{run}/events")
        return run


def panel_env(line: Line, **changes: str) -> dict[str, str]:
    """Give the environment of a panel that knows no credentials yet and chooses the tables."""
    hidden = {f"TAP_SIENGE_{name}" for name in ("SUBDOMAIN", "USERNAME", "PASSWORD", "_SELECT")}
    env = {name: value for name, value in line.environment.items() if name not in hidden}
    return env | {
        "TAP_SIENGE_API_URL": line.simulator.config["api_url"],
        "PANEL_PASSWORD": PASSWORD,
        "PANEL_READER_PASSWORD": READING,
        "PANEL_ALERTS_PRIVATE": "127.0.0.0/8",
        "PANEL_KEY": Fernet.generate_key().decode(),
        "MELTANO_ENVIRONMENT": "demo",
        "PANEL_PORT": str(free_port()),
        **changes,
    }


@contextmanager
def running_panel(line: Line, log: Path, **changes: str) -> Iterator[Panel]:
    """Start a panel on a line and stop it in the end."""
    panel = Panel(line, panel_env(line, **changes), log)
    try:
        yield panel
    finally:
        panel.stop()


class Receiver(HTTPServer):
    """What alerts are sent to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[str] = []
        self.refuses = False

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/{TOKEN}?retry=0"


class Handler(BaseHTTPRequestHandler):
    """Notes what it is told."""

    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.refuses:
            self.server.told.append(body["message"])
        self.send_response(500 if self.server.refuses else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
