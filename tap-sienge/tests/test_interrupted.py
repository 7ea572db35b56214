"""A run that is told to end, or killed: nothing it said is cut, nothing it asked uncounted."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest
from tap_sienge.ledger import Ledger

from testing.simulator import SUBDOMAIN

from .conftest import catalog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from testing.simulator import Simulator

    Start = Callable[..., Simulator]


def started(
    simulator: Simulator, folder: Path, requests: int, output: int | None = None
) -> subprocess.Popen[bytes]:
    """Give a process that has asked so many times for customers, and writes to a file."""
    for name, content in {"config": simulator.config, "catalog": catalog(["customers"])}.items():
        (folder / name).write_text(json.dumps(content))
    command = [sys.executable, "-m", "tap_sienge", "--config", str(folder / "config")]
    command += ["--catalog", str(folder / "catalog")]
    with (folder / "said").open("wb") as said:
        tap = subprocess.Popen(command, stdout=output or said, stderr=subprocess.DEVNULL)
    while len(simulator.requests) < requests:
        time.sleep(0.01)
    return tap


def test_a_run_that_is_told_to_end_waits_for_no_answer(
    simulator: Simulator, tmp_path: Path
) -> None:
    simulator.admin("/faults", {"kind": "hang", "path": "/v1/customers", "skip": 1, "count": 99})
    with started(simulator, tmp_path, 3) as tap:
        while tap.poll() is None:  # Ctrl-C reaches all, and then Meltano tells each again
            tap.terminate()
    assert tap.returncode == 0  # an answer might have taken 60 seconds
    expect_an_entry_of_the_interruption((tmp_path / "said").read_bytes())


@pytest.mark.parametrize("unbuffered", ["", "1"])  # as in the image
def test_a_run_that_is_told_to_end_while_nobody_reads_cuts_no_line(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    given, output = os.pipe()
    with started(simulator, tmp_path, 2, output) as tap, os.fdopen(given, "rb") as said:
        os.close(output)
        while waiting(given) < 32_768:  # and more is written than fits in
            time.sleep(0.01)
        time.sleep(0.5)
        tap.terminate()
        time.sleep(0.5)
        expect_an_entry_of_the_interruption(said.read())
    assert tap.returncode == 0


def waiting(pipe: int) -> int:
    """Bytes in a pipe that nobody has read."""
    return int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0])


def expect_an_entry_of_the_interruption(said: bytes) -> None:
    messages = [json.loads(line) for line in said.splitlines()]
    (entry,) = (m["record"] for m in messages if m.get("stream") == "sync_log" and "record" in m)
    assert (entry["status"], entry["error"]) == ("postponed", "a sincronização foi interrompida")


def test_a_process_that_was_killed_has_counted_its_requests(
    start_simulator: Start, tmp_path: Path
) -> None:
    simulator = start_simulator("--latency-ms", "200")
    with started(simulator, tmp_path, 3) as tap:
        os.kill(tap.pid, signal.SIGKILL)
    sent = len(simulator.requests)
    tenant = simulator.config["api_url"].replace("{subdomain}", SUBDOMAIN)
    assert Ledger(simulator.quota_db, tenant).used("rest") >= sent >= 3
