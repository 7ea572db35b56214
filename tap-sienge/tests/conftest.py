"""The tap as a process, against the simulator over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from conftest import assert_discreet

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]


@dataclass
class Run:
    """What a finished tap process said."""

    code: int
    messages: list[Record]
    stderr: str
    said: str = ""
    """Standard output, whatever it is."""

    @property
    def rows(self) -> dict[str, list[Record]]:
        """Records by stream, in the order of their messages."""
        found: dict[str, list[Record]] = defaultdict(list)
        for message in self.messages:
            if message["type"] == "RECORD":
                found[message["stream"]].append(message["record"])
        return found

    @property
    def log(self) -> dict[str, Record]:
        """The record of sync_log by stream."""
        return {row["stream"]: row for row in self.rows["sync_log"]}

    @property
    def state(self) -> Record:
        """The last state."""
        return next(m["value"] for m in reversed(self.messages) if m["type"] == "STATE")

    @property
    def activated(self) -> set[str]:
        """Streams of which vanished rows may be concluded."""
        return {m["stream"] for m in self.messages if m["type"] == "ACTIVATE_VERSION"}


@pytest.fixture(scope="session")
def run_tap(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Run the tap; ``streams`` selects some, ``state`` is a former run's."""

    def run(
        config: Record,
        *args: str,
        streams: list[str] | None = None,
        state: Record | None = None,
        env: dict[str, str] | None = None,
    ) -> Run:
        command = [sys.executable, "-m", "tap_sienge", *args]
        folder = tmp_path_factory.mktemp("tap")
        for name, content in {
            "config": config,
            "state": state,
            "catalog": streams and catalog(streams),
        }.items():
            if content is not None:
                path = folder / f"{name}.json"
                path.write_text(json.dumps(content))
                command += [f"--{name}", str(path)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=env, timeout=200
        )
        given = {f"TAP_SIENGE_{name.upper()}": str(value) for name, value in config.items()}
        assert_discreet(done.stdout + done.stderr, (os.environ if env is None else env) | given)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
        return Run(done.returncode, messages, done.stderr, done.stdout)

    return run


@cache
def discovered() -> bytes:
    """Give the tap's own catalog, which no setting changes."""
    command = [sys.executable, "-m", "tap_sienge", "--discover"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def catalog(streams: list[str]) -> Record:
    """Give the tap's own catalog with ``streams`` and the reports selected, as Meltano does."""
    found: Record = json.loads(discovered())
    for stream in found["streams"]:
        selected = stream["tap_stream_id"] in {*streams, "rejected_rows", "sync_log"}
        for metadata in stream["metadata"]:
            metadata["metadata"]["selected"] = selected
    return found
