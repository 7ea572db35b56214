"""Starts real simulators on free ports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = ("construtora-demo-api", "senha-demo")
PERIOD = {"startDate": "2020-01-01", "endDate": "2039-12-31"}


class Simulator:
    """A running simulator and the calls tests make to it."""

    def __init__(self, *options: str) -> None:
        # Real waits and proxies of the machine would only disturb.
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sienge_simulator", "--port", "0", *options],
            stdout=subprocess.PIPE, text=True, env=env)
        assert self.process.stdout
        self.ready = self.process.stdout.readline().strip()
        self.url = self.ready.rsplit(" ", 1)[-1]
        self.root = "/".join(self.url.split("/")[:3])
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = USER

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.session.get(self.url + path, params=params, timeout=10)

    def json(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path: str, limit: int = 200, **params: Any) -> list[dict[str, Any]]:
        """Every row of a paged path."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.json(path, limit=limit, offset=len(found), **params)
            found += page["results"]
            if len(found) >= page["resultSetMetadata"]["count"] or not page["results"]:
                return found

    def admin(self, path: str, body: Any = None, method: str = "") -> Any:
        method = method or ("GET" if body is None else "POST")
        answer = self.session.request(method, f"{self.root}/_admin{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def truth(self, resource: str) -> list[dict[str, Any]]:
        text = self.session.get(f"{self.root}/_admin/truth/{resource}", timeout=30).text
        return [json.loads(line) for line in text.splitlines()]

    def stop(self) -> int:
        self.session.close()
        self.process.terminate()
        code = self.process.wait(5)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def start_any() -> Iterator[Callable[..., Simulator]]:
    started: list[Simulator] = []

    def start(*options: str) -> Simulator:
        started.append(Simulator(*options))
        return started[-1]
    yield start
    for simulator in started:
        if simulator.process.poll() is None:
            simulator.stop()


@pytest.fixture
def start(start_any: Callable[..., Simulator]) -> Callable[..., Simulator]:
    """Starts a simulator of the test's own."""
    return start_any


@pytest.fixture(scope="session")
def shared(start_any: Callable[..., Simulator]) -> Simulator:
    """One simulator for the tests which change nothing."""
    return start_any("--requests-per-minute", "100000")


@pytest.fixture(scope="session")
def plain(start_any: Callable[..., Simulator]) -> Simulator:
    """One without quirks."""
    return start_any("--requests-per-minute", "100000", "--no-quirks")


@pytest.fixture
def own(start_any: Callable[..., Simulator]) -> Iterator[Simulator]:
    """A small one for a single test to change."""
    simulator = start_any("--requests-per-minute", "100000", "--rows", "customers=450",
                          "--rows", "bills=60", "--rows", "accounts_statements=60")
    yield simulator
    simulator.stop()
