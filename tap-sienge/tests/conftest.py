"""The tap as a process, against the simulator over HTTP.

Where there is no simulator, as in a copy of the package alone, tests that need one are left out.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

IN_REPOSITORY = bool(find_spec("sienge_simulator") and find_spec("testing"))

if IN_REPOSITORY:
    from testing.simulator import assert_discreet
    from testing.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

collect_ignore = [
    path.name
    for path in Path(__file__).parent.glob("test_*.py")
    if not IN_REPOSITORY
    and re.search(r"\b(conftest|run_tap)\b|from testing", path.read_text("utf-8"))
]


def pytest_report_header() -> str | None:
    """Tell what is left out."""
    if not collect_ignore:
        return None
    return f"{len(collect_ignore)} files of tests need the repository's simulator: left out"


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

    def ids(self, stream: str) -> set[Any]:
        """Give the ids of a stream's records."""
        return {row["id"] for row in self.rows[stream]}

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


TIMEOUT = 200
"""Seconds after which a run is killed."""


@pytest.fixture(scope="session")
def warm_tap() -> Iterator[Warm]:
    """Give what forks processes of the tap; importing the SDK would be most of each run."""
    with Warm(sys.executable, "testing.preload:tap") as programs:
        yield programs


@pytest.fixture(scope="session")
def run_tap(tmp_path_factory: pytest.TempPathFactory, warm_tap: Warm) -> Callable[..., Run]:
    """Run the tap; ``streams`` selects some, ``state`` is a former run's."""

    def run(
        config: Record,
        *args: str,
        streams: list[str] | None = None,
        state: Record | None = None,
        env: dict[str, str] | None = None,
    ) -> Run:
        arguments = list(args)
        folder = tmp_path_factory.mktemp("tap")
        for name, content in {
            "config": config,
            "state": state,
            "catalog": streams and catalog(streams),
        }.items():
            if content is not None:
                path = folder / f"{name}.json"
                path.write_text(json.dumps(content))
                arguments += [f"--{name}", str(path)]
        out, err = folder / "stdout", folder / "stderr"
        whole = dict(os.environ if env is None else env)
        with out.open("wb") as stdout, err.open("wb") as stderr, Path(os.devnull).open() as stdin:
            numbers = [file.fileno() for file in (stdin, stdout, stderr)]
            process = warm_tap.start("tap_sienge.tap:TapSienge.cli", arguments, numbers, env=whole)
        code, said, told = process.wait(TIMEOUT), out.read_text(), err.read_text()
        given = {f"TAP_SIENGE_{name.upper()}": str(value) for name, value in config.items()}
        assert_discreet(said + told, whole | given)
        messages = [json.loads(line) for line in said.splitlines() if line[:1] == "{"]
        return Run(code, messages, told, said)

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
