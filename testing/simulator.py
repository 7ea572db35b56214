"""The simulator as a process, whose start costs little, and what a run of the tap may not tell."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
from base64 import b64encode
from contextlib import closing, contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sienge_simulator import testing as simulated

from testing.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

PROGRAM = ("sienge_simulator.__main__", "sienge_simulator.server", "testing.preload:simulator")
"""What a simulator needs to be imported and called beforehand."""

SUBDOMAIN = "construtora-demo"


@cache
def warm() -> Warm:
    """Give the interpreter that simulators are forked from; it ends with this one."""
    return Warm(sys.executable, *PROGRAM)


class Simulator(simulated.Simulator):
    """A running simulator, whose start costs little, and how the tap reaches it."""

    def __init__(self, *options: str, programs: Warm | None = None) -> None:
        """Start it; its requests are counted in a file of its own."""
        self._folder = TemporaryDirectory()
        self.quota_db = Path(self._folder.name) / "quota.db"
        reading, writing = os.pipe()
        with Path(os.devnull).open() as nothing, os.fdopen(reading) as said:
            self._program = (programs or warm()).start(
                "sienge_simulator.__main__:main",
                ["--port", "0", *options],
                [nothing.fileno(), writing, 2],
            )
            os.close(writing)
            self.connect(said.readline())

    def stop(self) -> int:
        """End it; returns its exit code."""
        self.session.close()
        self._folder.cleanup()
        self._program.kill()
        return self._program.wait()

    @property
    def config(self) -> dict[str, Any]:
        """The tap's settings that read it."""
        username, password = simulated.USER
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


def days_pass(days: int, simulator: Simulator, state: dict[str, Any]) -> dict[str, Any]:
    """Let days pass without waiting: the simulator's clock goes on, what is past goes back.

    Returns:
        The state as it would be if its runs had been so much earlier, with the same settings.
    """
    simulator.admin("/clock", {"advance_seconds": days * 86400})

    def earlier(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) - timedelta(days)).isoformat()

    if simulator.quota_db.exists():
        with closing(sqlite3.connect(simulator.quota_db, isolation_level=None)) as ledger:
            ledger.execute("update quota set day = date(day, ?)", (f"-{days} days",))
            ledger.execute("delete from request")
            ledger.execute("delete from pause")
    past = r'(?<!"start_date": ")\d{4}-\d\d-\d\d'
    moved: dict[str, Any] = json.loads(re.sub(past, earlier, json.dumps(state)))
    return moved


@contextmanager
def running_simulator(*options: str) -> Iterator[Simulator]:
    """Start a simulator on a free port and stop it in the end.

    An asynchronous answer is ready when first asked for, unless ``options`` say otherwise: else
    each costs 14 seconds.
    """
    simulator = Simulator("--bulk-polls", "0", *options)
    try:
        yield simulator
    finally:
        simulator.stop()


def assert_discreet(said: str, env: Mapping[str, str]) -> None:
    """Fail if a run of the tap, with its settings in ``env``, told what it must keep to itself."""
    user, password, key, personal_data = (
        env.get(f"TAP_SIENGE_{name}", "")
        for name in ("USERNAME", "PASSWORD", "PERSONAL_DATA_KEY", "PERSONAL_DATA")
    )
    token = b64encode(f"{user}:{password}".encode()).decode()
    leaked = [secret for secret in (password, token, key) if secret and secret in said]
    if personal_data in {"mask", "drop"}:
        leaked += re.findall(r"\d{3}\.\d{3}\.\d{3}-\d{2}", said)
    assert not leaked
