"""The simulator as a process, for the tests of every part."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USERNAME = "construtora-demo-api"
PASSWORD = "senha-demo"
SUBDOMAIN = "construtora-demo"


@dataclass
class Simulator:
    """A running simulator."""

    url: str

    @property
    def config(self) -> dict[str, Any]:
        """The tap's settings that read it."""
        return {
            "subdomain": SUBDOMAIN,
            "username": USERNAME,
            "password": PASSWORD,
            "api_url": self.url.replace(SUBDOMAIN, "{subdomain}"),
            "start_date": "2015-01-01",
        }

    def admin(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Call the admin path, e.g. ``admin("POST", "faults", {...})``."""
        origin = self.url.split(f"/{SUBDOMAIN}")[0]
        answer = requests.request(method, f"{origin}/_admin/{path}", json=body, timeout=60)
        answer.raise_for_status()
        if path.startswith("truth/"):
            return [json.loads(line) for line in answer.text.splitlines()]
        return answer.json()

    def get(self, path: str, **params: object) -> requests.Response:
        """Call the public API with the right credentials."""
        auth = (USERNAME, PASSWORD)
        return requests.get(self.url + path, params=params, auth=auth, timeout=60)  # type: ignore[arg-type]

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests so far, in order of arrival."""
        log: list[dict[str, Any]] = self.admin("GET", "requests")
        return log

    def count(self, resource: str) -> int:
        """How many records a resource truly has."""
        return int(self.admin("GET", "counts")[resource])

    def truth(self, resource: str) -> list[dict[str, Any]]:
        """Every true record of a resource, clean."""
        records: list[dict[str, Any]] = self.admin("GET", f"truth/{resource}")
        return records


@contextmanager
def running_simulator(*options: str) -> Iterator[Simulator]:
    """Start a simulator on a free port and stop it in the end."""
    command = [sys.executable, "-m", "sienge_simulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready = process.stdout.readline()
            assert "ready at" in ready, f"the simulator did not start: {ready}"
            yield Simulator(ready.rsplit(" ", 1)[1].strip())
        finally:
            process.terminate()


@pytest.fixture
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Start simulators with options of their own."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(running_simulator(*options))


@pytest.fixture
def simulator(start_simulator: Callable[..., Simulator]) -> Simulator:
    """Give a fresh simulator of demo scale."""
    return start_simulator()
