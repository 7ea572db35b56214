"""`kill -9` in the middle of a load, of whatever takes part: the next run ends with the truth."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from testing.pipeline import Line, running_line
from testing.truth import differences, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STREAMS = ["customers", "creditors", "bills"]
SETTINGS: dict[str, Any] = {
    "TAP_SIENGE__SELECT": json.dumps([f"{stream}.*" for stream in [*STREAMS, "sync_log"]]),
    "TAP_SIENGE_FULL_REFRESH_DAYS": '{"*": 0}',
    "TAP_SIENGE_PAGE_SIZE": "50",
    "TAP_SIENGE_START_DATE": "2020-01-01",
}
CHANGES = {"create": 3, "update": 4, "delete": 2}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("banco")) as found:
        found.run(**SETTINGS)
        yield found


def wait_until(happened: Callable[[], object]) -> None:
    for _ in range(1200):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


@contextmanager
def half_a_load(line: Line) -> Iterator[subprocess.Popen[str]]:
    """Give a run of Meltano that has landed its first stream, and waits in the midst of its last.

    The streams that were read first in the last run are the stalest, and come first.
    """
    done = {
        stream: line.simulator.admin("/change", {"resource": stream} | CHANGES)
        for stream in STREAMS
    }
    order = line.query(
        "select stream from sienge.sync_log where run_id = (select run_id from sienge.sync_log "
        "order by started_at desc limit 1) order by started_at"
    )
    first, last = order[0]["stream"], order[-1]["stream"]
    line.simulator.admin("/faults", {"path": f"/v1/{last}", "kind": "hang", "offset": 49})
    created = f"select from sienge.{first} where id = {done[first]['created'][-1]}"
    with line.start("--force", **SETTINGS) as meltano:  # one that was killed is still marked
        parts = []
        try:
            wait_until(lambda: not line.simulator.admin("/faults"))
            wait_until(lambda: line.query(created))
            parts = part(meltano, "tap-sienge") + part(meltano, "target-postgres")
            yield meltano
        finally:
            meltano.kill()
            for pid in parts:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def part(meltano: subprocess.Popen[str], program: str) -> list[int]:
    """Give the processes that a run of Meltano has started of a program."""
    command = ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    processes = [line.split(None, 2) for line in listed.splitlines()]
    return [
        int(pid)
        for pid, parent, command in processes
        if int(parent) == meltano.pid and f"bin/{program}" in command
    ]


def expect_the_truth(line: Line) -> None:
    for stream in STREAMS:
        expected = truth(line.simulator, stream)
        assert list(differences(stream, line.landed(stream), expected)) == [], stream


@pytest.mark.parametrize("program", ["tap-sienge", "target-postgres"])
def test_tap_or_target_killed(line: Line, program: str) -> None:
    with half_a_load(line) as meltano:
        (pid,) = part(meltano, program)
        os.kill(pid, signal.SIGKILL)
        said, _ = meltano.communicate()
        assert meltano.returncode == 1, said
    line.run(**SETTINGS)
    expect_the_truth(line)


def test_meltano_killed(line: Line) -> None:
    with half_a_load(line) as meltano:
        (orphan,) = part(meltano, "tap-sienge")
        os.kill(meltano.pid, signal.SIGKILL)
        meltano.wait()
        assert "Outra sincronização" in line.run("--force", succeeds=False, **SETTINGS)
        os.kill(orphan, signal.SIGKILL)  # else it would wait for its answer a while longer
    line.run("--force", **SETTINGS)
    expect_the_truth(line)


def test_meltano_told_to_end(line: Line) -> None:
    """As `docker stop`, Ctrl-C and the panel do; here while the loader waits to write a batch."""
    line.simulator.admin("/change", {"resource": "customers"} | CHANGES)
    pages = -(-len(truth(line.simulator, "customers")) // 49)
    hang = {"path": "/v1/customers", "kind": "hang", "offset": 49 * (pages - 1)}
    line.simulator.admin("/faults", hang)
    settings = SETTINGS | {
        "TAP_SIENGE__SELECT": '["customers.*", "sync_log.*"]',
        "TARGET_POSTGRES_BATCH_SIZE_ROWS": "50",
    }
    with psycopg.connect(line.database) as database, line.start("--force", **settings) as meltano:
        database.execute("lock table sienge.customers in exclusive mode")
        wait_until(lambda: line.query("select from pg_locks where not granted"))
        wait_until(lambda: not line.simulator.admin("/faults"))
        meltano.terminate()
        time.sleep(1)
        database.commit()
        said, _ = meltano.communicate()
    assert meltano.returncode == 143, said
    (entry,) = line.query("select * from sienge.sync_log order by started_at desc limit 1")
    assert (entry["stream"], entry["status"]) == ("customers", "postponed"), said
    assert (entry["error"], entry["requests"]) == ("a sincronização foi interrompida", pages)
    landed = {row["id"] for row in line.landed("customers")}
    assert {row["id"] for row in truth(line.simulator, "customers")} <= landed
    line.run("--force", **SETTINGS)
    expect_the_truth(line)


def test_postgresql_killed(line: Line) -> None:
    with half_a_load(line) as meltano:
        assert line.server.pid
        os.kill(line.server.pid, signal.SIGKILL)
        for pid in part(meltano, "tap-sienge"):
            os.kill(pid, signal.SIGKILL)
        said, _ = meltano.communicate()
        assert meltano.returncode == 1, said
    line.server.start()
    line.run("--force", **SETTINGS)
    expect_the_truth(line)


def test_two_runs_at_once(line: Line) -> None:
    with half_a_load(line):
        assert "already running" in line.run(succeeds=False, **SETTINGS)
        said = line.run("--force", succeeds=False, **SETTINGS)
        assert "Outra sincronização deste Sienge está lendo" in said
        assert "espere que termine" in said
    line.run("--force", **SETTINGS)
    expect_the_truth(line)
