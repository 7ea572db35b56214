"""The soak of events notices what it should: tried on a receiver of the test's own."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from demo.postgres import free_port
from testing.simulator import running_simulator
from testing.truth import column
from tests.events_soak import INGREDIENTS, Limits, Soak, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.simulator import Simulator

READS = {
    "CUSTOMER": ("customers", "customerId"),
    "UNIT": ("units", "unitId"),
    "SALES_CONTRACT": ("sales_contracts", "salesContractId"),
}
PATHS = {"customers": "customers", "units": "units", "sales_contracts": "sales-contracts"}
TOKEN = "segredo"
MOMENT = re.compile(r"^([-0-9]{10}) ([:0-9]{8})\.000$")


@dataclass
class Receiver:
    """Keeps each event once, before it answers; one that ``forgets`` only answers the first."""

    port: int = field(default_factory=free_port)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    forgets: bool = False
    forgotten: str = ""

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                family = self.headers["x-sienge-event"].rsplit("_", 1)[0]
                stream, key = READS[family]
                event = {"stream": stream, "id": body[key], "result": None}
                name = self.headers["x-sienge-id"]
                if receiver.forgets:
                    receiver.forgotten = receiver.forgotten or name
                if name != receiver.forgotten:
                    receiver.kept.setdefault(name, event)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def kill(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Worker:
    """Reads what the events name; one that is ``idle`` only says so."""

    def __init__(
        self, simulator: Simulator, kept: dict[str, dict[str, Any]], *, idle: bool
    ) -> None:
        self.simulator, self.kept, self.idle = simulator, kept, idle
        self.tables = {
            stream: {row["id"]: row for row in simulator.rows(f"/v1/{path}")}
            for stream, path in PATHS.items()
        }

    def start(self) -> None:
        self.killed = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def kill(self) -> None:
        self.killed.set()
        self.thread.join()

    def work(self) -> None:
        while not self.killed.wait(0.2):
            waiting = [event for event in [*self.kept.values()] if event["result"] is None]
            for stream, key in {(event["stream"], event["id"]) for event in waiting}:
                if not self.idle:
                    answer = self.simulator.get(f"/v1/{PATHS[stream]}/{key}")
                    self.tables[stream].pop(key, None)
                    if answer.status_code == 200:
                        self.tables[stream][key] = answer.json()
            for event in waiting:
                event["result"] = "lido"

    def rows(self, stream: str) -> list[dict[str, Any]]:
        return [
            {column(name): MOMENT.sub(r"\1T\2", value) if isinstance(value, str) else value
             for name, value in row.items()}
            for row in self.tables[stream].values()
        ]  # fmt: skip


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    rows = ("--rows", "customers=60", "--rows", "units=50", "--rows", "sales_contracts=40")
    limits = ("--requests-per-minute", "100000")
    with running_simulator("--no-quirks", *limits, *rows) as found:
        yield found


def soak(
    simulator: Simulator,
    receiver: Receiver,
    *,
    changes: int = 250,
    incidents: int = 20,
    idle: bool = False,
) -> Soak:
    worker = Worker(simulator, receiver.kept, idle=idle)
    receiver.start()
    worker.start()
    subject = Subject(
        f"http://127.0.0.1:{receiver.port}/ganchos/abc",
        TOKEN,
        "receiver",
        {"receiver": receiver, "worker": worker},
        worker.rows,
        lambda: [(name, event["result"]) for name, event in [*receiver.kept.items()]],
    )
    return Soak(
        simulator,
        subject,
        list(PATHS),
        Limits(100_000, 200_000),
        changes=changes,
        incidents=incidents,
        patience=60,
    )


def test_a_receiver_that_loses_nothing_passes(simulator: Simulator) -> None:
    counted = soak(simulator, Receiver()).play()
    assert not [name for name in INGREDIENTS if not counted[name]], counted
    assert counted["events"] > 250


def test_an_event_that_was_answered_and_not_kept_is_noticed(simulator: Simulator) -> None:
    with pytest.raises(AssertionError, match="1 events were answered, and are not there"):
        soak(simulator, Receiver(forgets=True), changes=60, incidents=2).play()


def test_an_event_that_changed_nothing_is_noticed(simulator: Simulator) -> None:
    with pytest.raises(AssertionError, match="differences"):
        soak(simulator, Receiver(), changes=60, incidents=2, idle=True).play()


def test_a_limit_that_was_passed_is_noticed(simulator: Simulator) -> None:
    tried = soak(simulator, Receiver())  # which asked for three lists
    for limits, told in ((Limits(3, 2), "in a day"), (Limits(2, 3), "in a minute")):
        tried.limits = limits
        with pytest.raises(AssertionError, match=told):
            tried.check_requests()
    tried.limits = Limits(3, 3)
    tried.check_requests()
