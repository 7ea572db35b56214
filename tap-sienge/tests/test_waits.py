"""How long an answer may make the tap wait, whatever it says."""

from __future__ import annotations

import gzip
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.network import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]

PATH = "/v1/property-types"
CONFIG = {"max_retries": 2, "requests_per_minute": 1_000_000}


def asked(simulator: Simulator) -> list[dict[str, Any]]:
    return [request for request in simulator.requests if request["path"] == PATH]


def refuse(simulator: Simulator, **fault: Any) -> None:  # noqa: ANN401
    simulator.admin("/faults", {"path": PATH, "kind": "status", "count": 100} | fault)


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("asks", [86400, "9" * 30, formatdate(4_000_000_000, usegmt=True)])
def test_an_answer_that_asks_for_hours_fails_at_once(
    simulator: Simulator, run_tap: Tap, status: int, asks: object
) -> None:
    refuse(simulator, status=status, retry_after=asks)
    run = run_tap(simulator.config | CONFIG, streams=["property_types", "units_situations"])
    assert run.log["property_types"]["status"] == "failed"
    assert run.log["units_situations"]["status"] == "ok"
    assert len(asked(simulator)) == 1


@pytest.mark.parametrize("asks", [86400, "9" * 30, formatdate(4_000_000_000, usegmt=True)])
def test_a_refusal_that_asks_for_hours_is_told_and_heeded_by_the_next_run(
    simulator: Simulator, run_tap: Tap, asks: object
) -> None:
    refuse(simulator, status=429, retry_after=asks)
    run = run_tap(simulator.config | CONFIG, streams=["property_types"])
    assert run.log["property_types"]["status"] == "postponed"
    assert "o Sienge pede para esperar 24 h" in run.log["property_types"]["error"]
    assert run.code == 0
    run_tap(simulator.config | CONFIG, streams=["property_types"])
    assert len(asked(simulator)) == 1


@pytest.mark.parametrize("asks", [-1, 0, "1.5.2", "amanhã", "", formatdate(1_000_000, usegmt=True)])
def test_a_past_moment_is_no_permission(simulator: Simulator, run_tap: Tap, asks: object) -> None:
    refuse(simulator, status=503, retry_after=asks, count=2)
    run = run_tap(simulator.config | CONFIG, streams=["property_types"])
    assert run.log["property_types"]["status"] == "ok"
    first, second, third = (request["at"] for request in asked(simulator))
    assert second - first >= 1
    assert third - second >= 2


def test_after_a_refusal_with_a_past_moment_the_minute_is_waited_for(
    simulator: Simulator, run_tap: Tap
) -> None:
    past = formatdate(time.time() - 3600, usegmt=True)
    refuse(simulator, status=429, retry_after=past, count=1)
    run = run_tap(simulator.config | CONFIG, streams=["property_types"])
    assert run.log["property_types"]["status"] == "ok"
    first, second = (request["at"] for request in asked(simulator))
    assert second - first >= 59


@pytest.mark.parametrize("status", [429, 503])
def test_what_an_answer_asks_for_is_waited(simulator: Simulator, run_tap: Tap, status: int) -> None:
    refuse(simulator, status=status, retry_after=4, count=1)
    run = run_tap(simulator.config | CONFIG, streams=["property_types"])
    assert run.log["property_types"]["status"] == "ok"
    first, second = (request["at"] for request in asked(simulator))
    assert second - first >= 4


@pytest.mark.parametrize("kind", ["rest", "bulk"])
def test_an_answer_that_never_is_silent_and_never_ends_is_given_up(
    start_simulator: Callable[..., Simulator], run_tap: Tap, kind: str
) -> None:
    simulator = start_simulator("--rows", "customers=100")
    stream, path = {
        "rest": ("customers", "/v1/customers"),
        "bulk": ("bulk_purchase_quotations", "/bulk-data/v1/purchase-quotations"),
    }[kind]
    whole = simulator.config | {"max_retries": 0, "start_date": "2026-11-01"}
    before = run_tap(whole, streams=[stream, "property_types"])
    assert before.log[stream]["status"] == "ok"
    drips = {"path": path, "kind": "drip", "pause_ms": 400, "blocks": 40, "count": 1_000}
    simulator.admin("/faults", drips)
    config = whole | {"request_timeout": 1, "bulk_timeout": 1}
    run = run_tap(config, streams=[stream, "property_types"])
    assert run.log[stream]["status"] == "failed"
    assert "não respondeu a tempo" in run.log[stream]["error"]
    assert run.log["property_types"]["status"] == "ok"
    assert stream not in run.activated


class Endless(BaseHTTPRequestHandler):
    """Answers with what is small on the wire and larger than any page unpacked."""

    def do_GET(self) -> None:
        """Answer."""
        body = gzip.compress(b"[" + b" " * LARGEST[False] + b"]", 1)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_answer_larger_than_any_page_is_given_up(simulator: Simulator, run_tap: Tap) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = simulator.config | CONFIG | {"api_url": f"http://127.0.0.1:{server.server_port}"}
    run = run_tap(config, streams=["property_types"])
    server.shutdown()
    assert run.log["property_types"]["status"] == "failed"
    assert "grande demais" in run.log["property_types"]["error"]
