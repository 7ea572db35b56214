"""What panel and scheduler run Meltano with: one at a time, to the end or until cancelled."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import pytest
from sienge_panel.runner import MODELS, BusyError, Runner

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json, os, sys, time
with open(os.environ["TAP_SIENGE_PROGRESS_FILE"], "a") as told:
    told.write(json.dumps({"event": "begin", "stream": "units"}) + "\\n")
print("2026-11-28T05:00:00.123456Z [info] begun", *sys.argv[1:3], file=sys.stderr, flush=True)
print("METRIC: nobody wants to see it", flush=True)
time.sleep(float(os.environ["LASTS"]))
sys.exit(3 if "dbt:build" in sys.argv else 4)
"""
"""What Meltano is, as far as this matters."""

PARENT = """
import os, pathlib, sys
from sienge_panel.runner import Runner
folder = pathlib.Path(sys.argv[1])
runner = Runner(folder, folder / "logs", folder / "lock", [sys.executable, folder / "programa.py"])
with runner.claim() as lock:
    runner.prepare("um")
    runner.run("um", os.environ, lock.fileno())
"""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "programa.py").write_text(PROGRAM)
    (tmp_path / "transform").mkdir()
    (tmp_path / "transform" / "dbt_project.yml").touch()
    program = [sys.executable, str(tmp_path / "programa.py")]
    return Runner(tmp_path, tmp_path / "logs", tmp_path / "lock", program)


def env(seconds: float) -> dict[str, str]:
    return os.environ | {"LASTS": str(seconds), "TZ": "America/Sao_Paulo"}


def test_all_commands_run_and_the_first_failure_is_told(runner: Runner) -> None:
    said: list[str] = []
    runner.prepare("um")
    with runner.claim() as lock:
        with pytest.raises(BusyError):
            runner.claim()
        assert runner.run("um", env(0), lock.fileno(), said.append) == 4
    runner.claim().close()
    found = runner.follow("um")
    assert said == found.lines()
    assert [line.split("] ")[1] for line in said] == ["begun run --force"] * 2
    assert [line[:19] for line in said] == ["2026-11-28 02:00:00"] * 2  # São Paulo's time
    begun = {"event": "begin", "stream": "units"}
    assert found.events() == [begun, MODELS, begun]
    assert (found.lines(), found.events()) == ([], [])  # nothing came since


def test_whoever_sees_the_logs_can_cancel(runner: Runner, tmp_path: Path) -> None:
    runner.prepare("um")
    codes: list[int] = []

    def run() -> None:
        with runner.claim() as lock:
            codes.append(runner.run("um", env(600), lock.fileno()))

    thread = Thread(target=run)
    thread.start()
    while not runner.follow("um").lines():
        sleep(0.05)
    Runner(tmp_path, tmp_path / "logs", tmp_path / "lock").cancel("um")
    thread.join(60)
    assert codes == [-signal.SIGTERM]
    assert MODELS not in runner.follow("um").events()  # what was to come did not begin


def test_a_run_outlives_who_began_it_and_keeps_the_lock(runner: Runner, tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], env=env(3))
    try:
        log = runner.follow("um")
        while not log.lines(live=True):
            assert parent.poll() is None
            sleep(0.05)
    finally:
        parent.kill()
        parent.wait()
    with pytest.raises(BusyError):
        runner.claim()
    with (tmp_path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # comes free when the commands have ended


def test_half_a_line_waits_for_its_end(runner: Runner) -> None:
    runner.prepare("um")
    log = runner.follow("um")
    with runner.log("um").open("a") as file:
        file.write("um\ndo")
        file.flush()
        assert log.lines(live=True) == ["um"]
        file.write("is\ntr")
        file.flush()
        assert log.lines(live=True) == ["dois"]
    assert log.lines() == ["tr"]


def test_what_is_no_event_is_passed_over(runner: Runner, tmp_path: Path) -> None:
    runner.prepare("um")
    whole = json.dumps({"event": "begin", "stream": "units"})
    (tmp_path / "logs" / "um.jsonl").write_text(f"{whole}\n{whole[:9]}")  # the tap was killed
    assert runner.follow("um").events() == [json.loads(whole)]
