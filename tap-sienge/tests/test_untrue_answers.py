"""Answers that do not add up: all rows come, or the read says that they did not; none is lost."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from testing.simulator import running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from testing.simulator import Simulator

    from .conftest import Run

    Tap = Callable[..., Run]

ALWAYS = 1_000_000
ROWS = {
    "purchase_orders": 350,
    "property_types": 30,
    "enterprises": 20,
    "units": 200,
    "creditors": 199 + 50,
}
STREAM, PATH = "purchase_orders", "/v1/purchase-orders"
"""350 rows that have a field ``status``, as error bodies do."""

CONFIG = {
    "requests_per_minute": 1_000_000,
    "bulk_requests_per_minute": 1_000_000,
    "max_retries": 1,
    "start_date": "2020-01-01",
}

ERROR = {"status": 500, "developerMessage": "java.lang.NullPointerException", "errors": [{}]}

NO_DATA: list[Any] = [
    ERROR,
    ERROR | {"results": []},
    ERROR | {"results": None, "resultSetMetadata": {"count": 0}},
    {"status": "500", "message": "Erro interno"},
    {"errors": True},
    {"errors": [{"field": "limit", "message": "inválido"}]},
    {"status": "PENDING", "message": "quase uma linha"},
    {"results": {"id": 1}},
    {"results": [{"message": "Erro", "status": 500}]},
    {"results": "350"},
    [{"field": "limit", "message": "inválido"}],
    {"results": [None, None], "resultSetMetadata": {"count": 10**9}},
    {"results": [1, "dois"]},
    [[{"id": 1}]],
    {},
    None,
    "texto",
    7,
    True,
]
"""Bodies with status 200 in which there is no record of any stream."""


@pytest.fixture(scope="module")
def sienge() -> Iterator[Simulator]:
    options = [option for name, rows in ROWS.items() for option in ("--rows", f"{name}={rows}")]
    unlimited = ("--requests-per-minute", "1000000", "--bulk-per-minute", "1000000")
    with running_simulator(*unlimited, *options) as simulator:
        yield simulator


@pytest.fixture
def simulator(sienge: Simulator) -> Iterator[Simulator]:
    sienge.admin("/requests", method="DELETE")
    yield sienge
    sienge.admin("/faults", method="DELETE")


def read(simulator: Simulator, run_tap: Tap, *faults: dict[str, Any], stream: str = STREAM) -> Run:
    if faults:
        always = {"path": PATH, "count": ALWAYS}
        simulator.admin("/faults", [always | fault for fault in faults])
    run = run_tap(simulator.config | CONFIG, streams=[stream, "property_types"])
    assert run.log["property_types"]["status"] == "ok", "the other streams are read"
    assert "property_types" in run.activated
    return run


def keys(run: Run, stream: str = STREAM) -> set[int]:
    return {row["id"] for row in run.rows[stream]}


def true_keys(simulator: Simulator, stream: str = STREAM) -> set[int]:
    return {row["id"] for row in simulator.truth(stream)}


@pytest.mark.parametrize("body", NO_DATA, ids=repr)
def test_an_answer_without_data_is_tried_again_and_fails(
    simulator: Simulator, run_tap: Tap, body: object
) -> None:
    run = read(simulator, run_tap, {"kind": "body", "body": body})
    assert run.log[STREAM]["status"] == "failed"
    assert run.log[STREAM]["error"]
    assert run.rows[STREAM] == []
    assert STREAM not in run.activated
    assert len([r for r in simulator.requests if r["path"] == PATH]) == 2
    assert run.code == 1


@pytest.mark.parametrize("status", [202, 206, 302, 303])
def test_only_an_answer_to_the_request_is_data(
    simulator: Simulator, run_tap: Tap, status: int
) -> None:
    body = {"results": [], "resultSetMetadata": {"count": 0}}
    run = read(simulator, run_tap, {"kind": "body", "status": status, "body": body})
    assert run.log[STREAM]["status"] == "failed"
    assert f"resposta {status}" in run.log[STREAM]["error"]
    assert len([r for r in simulator.requests if r["path"] == PATH]) == 2


@pytest.mark.parametrize("body", NO_DATA[::5], ids=repr)
def test_one_answer_without_data_costs_one_request_more(
    simulator: Simulator, run_tap: Tap, body: object
) -> None:
    run = read(simulator, run_tap, {"kind": "body", "body": body, "count": 1, "offset": 199})
    assert run.log[STREAM]["status"] == "ok"
    assert keys(run) == true_keys(simulator)


WRONG_COUNTS: list[dict[str, Any]] = [
    {"kind": "metadata", "set": {"count": count}}
    for count in (0, -1, "350", " 350 ", "350.0", "muitos", "", None, True, 350.5, [350], {}, 10)
]
WRONG_COUNTS += [
    {"kind": "metadata", "set": {"limit": limit}} for limit in ("200", 0, -5, "cem", None, [], 7)
]
WRONG_COUNTS += [{"kind": "metadata"}, {"kind": "metadata", "drop": ["count"]}, {"kind": "bare"}]
CAPS: list[dict[str, Any]] = [
    {"kind": "cap", "rows": rows, "told": told} | also
    for rows in (100, 50, 10, 7)
    for told in (False, True)
    for also in (
        {},
        {"also": ["bare"]},
        {"also": ["metadata"]},
        {"also": ["metadata"], "set": {"count": 0}},
        {"also": ["metadata"], "set": {"count": rows}},
        {"also": ["metadata"], "set": {"count": 2 * rows - 1}},  # just where the second page ends
    )
    if rows > (7 if told else 10) or not also
]


@pytest.mark.parametrize("fault", WRONG_COUNTS + CAPS, ids=repr)
def test_pages_are_read_until_one_brings_nothing_new(
    simulator: Simulator, run_tap: Tap, fault: dict[str, Any]
) -> None:
    run = read(simulator, run_tap, fault)
    assert keys(run) == true_keys(simulator)
    assert run.log[STREAM]["status"] == "ok", run.log[STREAM]
    assert STREAM in run.activated
    asked = [r for r in simulator.requests if r["path"] == PATH]
    assert len(asked) <= 3 + 2 * len(true_keys(simulator)) / (fault.get("rows") or 100)


UNPROVEN: list[dict[str, Any]] = [
    {"kind": "no_offset"},
    {"kind": "no_offset", "changing": "internalNotes"},
    {"kind": "no_offset", "changing": "id"},
    {"kind": "no_offset", "also": ["bare"]},
    {"kind": "no_offset", "also": ["bare"], "changing": "internalNotes"},
    {"kind": "no_offset", "also": ["metadata"], "set": {"count": 200}},
    {"kind": "metadata", "set": {"count": 10**9}},
    {"kind": "metadata", "set": {"count": 351}},
    {"kind": "empty_list", "offset": 199},
    {"kind": "empty_list", "offset": 199, "also": ["bare"]},
    {"kind": "empty_list", "offset": 199, "also": ["metadata"], "set": {"count": None}},
    {"kind": "status", "status": 404, "offset": 199},
    {"kind": "status", "status": 403, "offset": 199},
]


@pytest.mark.parametrize("fault", UNPROVEN, ids=repr)
def test_what_is_not_proven_concludes_nothing_and_has_an_end(
    simulator: Simulator, run_tap: Tap, fault: dict[str, Any]
) -> None:
    run = read(simulator, run_tap, fault)
    assert run.log[STREAM]["status"] in {"incomplete", "failed"}, run.log[STREAM]
    assert run.log[STREAM]["error"]
    assert STREAM not in run.activated
    assert len([r for r in simulator.requests if r["path"] == PATH]) < 150


@pytest.mark.parametrize("changing", ["", "name"])
def test_a_bare_array_that_takes_no_offset_is_asked_for_once_more(
    simulator: Simulator, run_tap: Tap, changing: str
) -> None:
    fault = {"kind": "no_offset", "also": ["bare"], "changing": changing, "path": "/v1/enterprises"}
    run = read(simulator, run_tap, fault, stream="enterprises")
    assert run.log["enterprises"]["status"] == "ok"
    assert keys(run, "enterprises") == true_keys(simulator, "enterprises")
    assert "enterprises" in run.activated
    assert len([r for r in simulator.requests if r["path"] == "/v1/enterprises"]) == 2


def test_a_redirection_is_not_followed_to_the_data_of_others(
    simulator: Simulator, run_tap: Tap
) -> None:
    first = run_tap(simulator.config | CONFIG, streams=[STREAM, "property_types"])

    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send the data of others."""
            self.send_response(302)
            place = self.path.replace(PATH, "/v1/property-types")
            self.send_header("Location", simulator.url.split("/construtora")[0] + place)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = simulator.config | CONFIG | {"api_url": f"http://127.0.0.1:{server.server_port}"}
    simulator.admin("/requests", method="DELETE")
    run = run_tap(config, streams=[STREAM], state=first.state)
    server.shutdown()
    assert run.log[STREAM]["status"] == "failed"
    assert STREAM not in run.activated
    assert simulator.requests == []


def test_a_bare_array_as_long_as_a_limit_proves_nothing_at_two_requests(
    simulator: Simulator, run_tap: Tap
) -> None:
    fault = {"kind": "no_offset", "also": ["bare", "cap"], "rows": 50}
    run = read(simulator, run_tap, fault)
    assert len(keys(run)) == 50
    assert run.log[STREAM]["status"] == "incomplete"
    assert "não diz quantos são: vieram 50" in run.log[STREAM]["error"]
    assert STREAM not in run.activated
    assert len([r for r in simulator.requests if r["path"] == PATH]) == 2


@pytest.mark.parametrize("stream", ["units", "creditors"])
def test_a_full_page_that_says_it_is_all_costs_one_request_unless_others_were_longer(
    simulator: Simulator, run_tap: Tap, stream: str
) -> None:
    run = read(simulator, run_tap, stream=stream)
    assert keys(run, stream) == true_keys(simulator, stream)
    assert stream in run.activated
    assert len([r for r in simulator.requests if r["path"] == f"/v1/{stream}"]) == 2


def test_well_behaved_pages_cost_no_request_more(simulator: Simulator, run_tap: Tap) -> None:
    first = read(simulator, run_tap)
    assert len([r for r in simulator.requests if r["path"] == PATH]) == 2
    streams = [STREAM, "enterprises", "companies", "property_types", "customers"]
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0, "customers": 7}}
    costs = []
    state = first.state
    for _ in range(3):  # all, and what changed of the customers
        simulator.admin("/requests", method="DELETE")
        state = run_tap(config, streams=streams, state=state).state
        costs.append(Counter(request["path"] for request in simulator.requests))
    assert costs[1] == costs[2] <= costs[0]
    assert costs[2]["/v1/customers"] == 1


@pytest.mark.parametrize("rows", [20, 30, 40, 70])
def test_a_cap_that_nobody_tells_is_found_by_what_came_before(
    simulator: Simulator, run_tap: Tap, rows: int
) -> None:
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    first = run_tap(config, streams=[STREAM])
    capped = {"kind": "cap", "rows": rows, "also": ["metadata"], "set": {"count": rows}}
    simulator.admin("/faults", {"path": PATH, "count": ALWAYS} | capped)
    run = run_tap(config, streams=[STREAM], state=first.state)
    assert run.log[STREAM]["status"] == "ok"
    assert keys(run) == true_keys(simulator)


def test_records_with_the_key_of_another_delete_nothing_until_they_come_so_again(
    simulator: Simulator, run_tap: Tap
) -> None:
    config = simulator.config | CONFIG | {"full_refresh_days": {"*": 0}}
    run = run_tap(config, streams=[STREAM])
    for status in ("incomplete", "ok"):
        items = [{"id": "7777"}] * 150
        simulator.admin("/faults", {"path": PATH, "kind": "replace", "items": items})
        run = run_tap(config, streams=[STREAM], state=run.state)
        assert run.log[STREAM]["rejected"] == 149
        assert run.log[STREAM]["status"] == status, run.log[STREAM]
        assert (STREAM in run.activated) == (status == "ok")
