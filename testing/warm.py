"""Programs in fresh processes that need not import anything first.

``python -m testing.warm DESCRIPTOR MODULE[:FUNCTION]…`` imports the modules once, in any
interpreter, calls the functions, and forks a process for each order over the socket; ``Warm`` gives
the orders.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Self


class Process:
    """A program that was started, and can be killed like any other."""

    def __init__(self, report: int) -> None:
        self._report = os.fdopen(report)
        self.pid = int(self._report.readline())
        self.code: int | None = None

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float | None = None) -> int:
        """Give the exit code, a negative one for a signal; kill what takes longer."""
        if self.code is None:
            with self._report:
                if seconds is not None and not select([self._report], [], [], seconds)[0]:
                    self.kill()
                self.code = int(self._report.readline())
        return self.code


class Warm:
    """Starts programs from the modules of one interpreter."""

    def __init__(self, python: Path | str, *modules: str) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [python, "-m", "testing.warm", str(theirs.fileno()), *modules],
                cwd=Path(__file__).parent.parent,
                pass_fds=[theirs.fileno()],
            )
        if not self._orders.recv(1):
            raise RuntimeError(f"could not import {modules}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.close()
        self._server.wait()

    def start(
        self,
        program: str,
        arguments: Sequence[str],
        streams: Sequence[int],
        *,
        days: float = 0,
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> Process:
        """Call ``module:function`` in a process with three streams, whose clock is ahead.

        Its environment is ``env``, else the one of when this interpreter was started, as is its
        folder.
        """
        reading, writing = os.pipe()
        order = {"program": program, "arguments": list(arguments), "days": days, "env": env}
        order["folder"] = str(folder or "")
        socket.send_fds(self._orders, [json.dumps(order).encode()], [*streams, writing])
        os.close(writing)
        return Process(reading)

    def run(
        self,
        program: str,
        arguments: Sequence[str],
        env: Mapping[str, str],
        folder: Path | None = None,
    ) -> tuple[int, str]:
        """Call ``module:function`` to the end; give its exit code and what it said."""
        reading, writing = os.pipe()
        with Path(os.devnull).open() as nothing, os.fdopen(reading) as said:
            streams = [nothing.fileno(), writing, writing]
            process = self.start(program, arguments, streams, env=env, folder=folder)
            os.close(writing)
            told = said.read()
        return process.wait(), told


def serve(orders: socket.socket) -> dict[str, Any]:
    """Fork for each order; returns it in the new process only."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    orders.send(b"!")
    while True:
        message, descriptors, *_ = socket.recv_fds(orders, 1 << 16, 4)
        if not message:
            raise SystemExit
        if os.fork() == 0:
            break
        for descriptor in descriptors:
            os.close(descriptor)
    orders.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, report = descriptors
    if pid := os.fork():
        keep(pid, report, streams)
    os.close(report)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, closefd=False) for number, mode in enumerate("rww")
    )
    order: dict[str, Any] = json.loads(message)
    return order


def keep(pid: int, report: int, streams: list[int]) -> NoReturn:
    """Tell the number of a process, and how it ended."""
    for descriptor in (0, 1, 2, *streams):
        os.close(descriptor)
    os.write(report, f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    for name in sys.argv[2:]:
        module, _, function = name.partition(":")
        imported = import_module(module)
        if function:
            getattr(imported, function)()
    gc.freeze()  # else a collection would touch, and so copy, what the processes share
    order = serve(socket.socket(fileno=int(sys.argv[1])))
    if order["env"] is not None:
        os.environ.clear()
        os.environ.update(order["env"])
        time.tzset()
    if order["folder"]:
        os.chdir(order["folder"])
    if order["days"]:
        import time_machine

        time_machine.travel(time.time() + order["days"] * 86400).start()
    module, _, function = order["program"].partition(":")
    sys.argv = [order["program"], *order["arguments"]]
    sys.exit(attrgetter(function)(sys.modules[module])())
