"""The simulator as a process, for the tests of every part."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from sienge_simulator import testing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

SUBDOMAIN = "construtora-demo"


class Simulator(testing.Simulator):
    """A running simulator, and how the tap reaches it."""

    def __init__(self, *options: str) -> None:
        """Start it; its requests are counted in a file of its own."""
        super().__init__(*options)
        self._folder = TemporaryDirectory()
        self.quota_db = Path(self._folder.name) / "quota.db"

    def stop(self) -> int:
        """End it; returns its exit code."""
        self._folder.cleanup()
        return super().stop()

    @property
    def config(self) -> dict[str, Any]:
        """The tap's settings that read it."""
        username, password = testing.USER
        return {
            "quota_db": str(self.quota_db),
            "subdomain": SUBDOMAIN,
            "username": username,
            "password": password,
            "api_url": self.url.replace(SUBDOMAIN, "{subdomain}"),
        }

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests so far, in order of arrival."""
        log: list[dict[str, Any]] = self.admin("/requests")
        return log

    @property
    def counts(self) -> dict[str, int]:
        """How many records each resource truly has."""
        counts: dict[str, int] = self.admin("/counts")
        return counts


@contextmanager
def running_simulator(*options: str) -> Iterator[Simulator]:
    """Start a simulator on a free port and stop it in the end."""
    simulator = Simulator(*options)
    try:
        yield simulator
    finally:
        simulator.stop()


@pytest.fixture
def start_simulator() -> Iterator[Callable[..., Simulator]]:
    """Start simulators with options of their own."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(running_simulator(*options))


@pytest.fixture
def simulator(start_simulator: Callable[..., Simulator]) -> Simulator:
    """Give a fresh simulator of demo scale."""
    return start_simulator()
