"""What a command costs, with everything that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PAUSE = 0.1


class Cost(NamedTuple):
    """Seconds by the clock and of the processors, and the most memory at one time."""

    seconds: float
    processor: float
    megabytes: float


class Memory(threading.Thread):
    """Watches the memory of a process's descendants, or of itself if it has none."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._process = psutil.Process(pid)
        self._ended = threading.Event()

    def run(self) -> None:
        """Look until told to end."""
        while not self._ended.wait(PAUSE):
            with suppress(psutil.Error):
                family = self._process.children(recursive=True) or [self._process]
                self.peak = max(self.peak, sum(self._resident(member) for member in family))

    @staticmethod
    def _resident(member: psutil.Process) -> int:
        with suppress(psutil.Error):
            return int(member.memory_info().rss)
        return 0

    def end(self) -> float:
        """Give the most that was seen, in MB."""
        self._ended.set()
        self.join()
        return self.peak / 1024**2


def measured(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> Cost:
    """Run a command to its end.

    Raises:
        SystemExit: It failed; what it said is told.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        memory = Memory(process.pid)
        memory.start()
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} falhou:\n{said[-50000:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, memory.end())
