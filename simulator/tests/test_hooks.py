"""Hooks and their deliveries: a real simulator, and a receiver that answers as a test wants."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sienge_simulator.testing import UNLIMITED, Json, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

TOKEN = "segredo-do-teste"
MINUTE = 60


@dataclass
class Receiver:
    """What came, and the statuses to answer next: one by one, then 200; a wait holds all back."""

    url: str = ""
    came: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        """The events' own ids, in order of arrival."""
        return [headers["x-sienge-id"] for _, headers, _ in self.came]

    @property
    def bodies(self) -> list[Any]:
        """The ids of the objects."""
        return [body for *_, body in self.came]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append((self.path, told, json.loads(body)))
            receiver.go_on.wait(30)
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            self.send_response(status)
            if status // 100 == 3:
                self.send_header("Location", "/outro")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/ganchos/abc"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield receiver
    receiver.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def simulator(start_any: Callable[..., Simulator]) -> Simulator:
    return start_any(*UNLIMITED)


@pytest.fixture
def line(simulator: Simulator, receiver: Receiver) -> Iterator[Line]:
    """A simulator and a receiver; what the test registered is gone at its end."""
    simulator.admin(
        "/hooks",
        {
            "retry_minutes": [10, 30, 60, 180, 300],
            "timeout_seconds": 2.5,
            "duplicates": 0,
            "delay_seconds": 0,
            "concurrency": 20,
            "paused": False,
        },
    )
    found = Line(simulator, receiver)
    yield found
    for key in found.hooks:
        ask(simulator, "DELETE", f"/v1/hooks/{key}")


def ask(sim: Simulator, method: str, path: str, body: Json = None) -> requests.Response:
    return sim.session.request(method, sim.url + path, json=body, timeout=60)


@dataclass
class Line:
    """A simulator, a receiver, and the hooks that lead from the one to the other."""

    sim: Simulator
    receiver: Receiver
    hooks: list[str] = field(default_factory=list)

    def register(self, *events: str) -> str:
        """Register a hook; gives its id."""
        body = {"url": self.receiver.url, "token": TOKEN, "events": events}
        answer = ask(self.sim, "POST", "/v1/hooks", body)
        assert answer.status_code == 201
        assert answer.json() == body | {"id": answer.json()["id"], "events": list(events)}
        self.hooks.append(answer.json()["id"])
        return self.hooks[-1]

    def change(self, resource: str, **how: Json) -> Json:
        """Change rows of a resource."""
        return self.sim.admin("/change", {"resource": resource, **how})

    def deliveries(self) -> list[dict[str, Any]]:
        """What was fired for the hooks of this test."""
        return [e for e in self.sim.admin("/hooks")["events"] if e["hook"] in self.hooks]

    def settled(self, attempts: int, state: str = "") -> list[dict[str, Any]]:
        """The deliveries, as soon as so many attempts have ended, all in this state."""
        for _ in range(1500):
            found = self.deliveries()
            ended = [one for d in found for one in d["attempts"] if one["done"]]
            others = [d for d in found if state and d["state"] != state]
            if len(ended) == attempts and not others:
                return found
            time.sleep(0.02)
        raise AssertionError(found)


def test_a_hook_lives_from_post_to_delete(line: Line) -> None:
    before = line.sim.rows("/v1/hooks")
    line.sim.admin("/requests", method="DELETE")
    used = line.sim.admin("/usage")["rest"]
    key = line.register("CUSTOMER_CREATED", "UNIT_REMOVED")
    hook = line.sim.json(f"/v1/hooks/{key}")
    assert hook == {
        "id": key,
        "url": line.receiver.url,
        "token": TOKEN,
        "events": ["CUSTOMER_CREATED", "UNIT_REMOVED"],
    }
    assert line.sim.rows("/v1/hooks") == [*before, hook]
    assert ask(line.sim, "DELETE", f"/v1/hooks/{key}").status_code == 204
    assert line.sim.get(f"/v1/hooks/{key}").status_code == 404
    assert line.sim.rows("/v1/hooks") == before
    gone = ask(line.sim, "DELETE", f"/v1/hooks/{key}")
    assert (gone.status_code, gone.json()["clientMessage"]) == (404, "Registro não encontrado")
    assert ask(line.sim, "PUT", f"/v1/hooks/{key}").status_code == 405
    assert line.sim.admin("/usage")["rest"] - used == 8
    log = [(one["method"], one["path"], one["status"]) for one in line.sim.admin("/requests")]
    assert log[0] == ("POST", "/v1/hooks", 201)
    assert log[3] == ("DELETE", f"/v1/hooks/{key}", 204)


def test_registering_needs_the_password_and_the_quota(start: Callable[..., Simulator]) -> None:
    simulator = start("--requests-per-minute", "1")
    body = {"url": "http://127.0.0.1:9/", "token": TOKEN, "events": ["UNIT_CREATED"]}
    simulator.session.auth = ("outro", "outra")
    assert ask(simulator, "POST", "/v1/hooks", body).status_code == 401
    simulator.session.auth = ("construtora-demo-api", "senha-demo")
    key = ask(simulator, "POST", "/v1/hooks", body).json()["id"]
    assert ask(simulator, "POST", "/v1/hooks", body).status_code == 429
    assert ask(simulator, "DELETE", f"/v1/hooks/{key}").status_code == 429
    simulator.admin("/permissions", {"/v1/hooks": 403})
    simulator.admin("/clock", {"advance_seconds": 61})
    assert ask(simulator, "DELETE", f"/v1/hooks/{key}").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": None}, "url"),
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "example.com"}, "url"),
        ({"url": 7}, "url"),
        ({"url": "http://[1/"}, "url"),
        ({"token": None}, "token"),
        ({"token": ""}, "token"),
        ({"token": "a\r\nx-outro: b"}, "token"),
        ({"events": None}, "events"),
        ({"events": []}, "events"),
        ({"events": "CUSTOMER_CREATED"}, "events"),
        ({"events": ["CUSTOMER_CREATED", "cliente criado"]}, "events"),
        ({"events": [7]}, "events"),
    ],
)
def test_a_wrong_hook_is_refused(simulator: Simulator, wrong: Json, field: str) -> None:
    right = {"url": "https://example.com/a", "token": TOKEN, "events": ["CUSTOMER_CREATED"]}
    bodies = [right | wrong]
    if wrong[field] is None:
        bodies.append({name: value for name, value in right.items() if name != field})
    before = simulator.rows("/v1/hooks")
    for body in bodies:
        answer = ask(simulator, "POST", "/v1/hooks", body)
        assert answer.status_code == answer.json()["status"] == 400
        assert [one["field"] for one in answer.json()["errors"]] == [field]
        assert TOKEN not in answer.text
    assert simulator.rows("/v1/hooks") == before


def test_a_body_that_is_no_hook_is_refused(simulator: Simulator) -> None:
    for body in (b"", b"{", b"[]", b"7"):
        answer = simulator.session.post(f"{simulator.url}/v1/hooks", data=body, timeout=60)
        assert answer.status_code == answer.json()["status"] == 400


RENTAL = {"contractSeqId": 3}
CONTRACT = {"salesContractId": 7}
FAMILIES: list[tuple[str, Json, str, Json]] = [
    ("customers", {"ids": [5], "update": 1}, "CUSTOMER_UPDATED", {"customerId": 5}),
    ("customers", {"ids": [6], "delete": 1}, "CUSTOMER_REMOVED", {"customerId": 6}),
    ("customers", {"ids": [7], "set": {"_active": False}}, "CUSTOMER_DISABLED", {"customerId": 7}),
    ("customers", {"ids": [7], "set": {"_active": True}}, "CUSTOMER_ENABLED", {"customerId": 7}),
    ("sales_contracts", {"ids": [7], "update": 1}, "SALES_CONTRACT_UPDATED", CONTRACT),
    ("sales_contracts", {"ids": [7], "set": {"situation": "2"}}, "SALES_CONTRACT_ISSUED", CONTRACT),
    (
        "sales_contracts",
        {"ids": [7], "set": {"situation": "3"}},
        "SALES_CONTRACT_CANCELED",
        CONTRACT,
    ),
    (
        "sales_contracts",
        {"ids": [8], "delete": 1},
        "SALES_CONTRACT_REMOVED",
        {"salesContractId": 8},
    ),
    ("units", {"ids": [9], "update": 1}, "UNIT_UPDATED", {"unitId": 9}),
    ("units", {"ids": [9], "delete": 1}, "UNIT_REMOVED", {"unitId": 9}),
    ("property_rental", {"ids": [3], "update": 1}, "PROPERTY_RENTAL_UPDATED", RENTAL),
    (
        "property_rental",
        {"ids": [3], "set": {"situation": "CANCELADO"}},
        "PROPERTY_RENTAL_CANCELLED",
        RENTAL,
    ),
    (
        "property_rental",
        {"ids": [3], "set": {"situation": "AUTORIZADO", "cancelatedDate": None}},
        "PROPERTY_RENTAL_REACTIVATED",
        RENTAL,
    ),
    (
        "property_rental",
        {"ids": [3], "set": {"situation": "FINALIZADO", "terminatedDate": "2026-01-31"}},
        "PROPERTY_RENTAL_TERMINATED",
        RENTAL,
    ),
    (
        "property_rental",
        {"ids": [3], "set": {"situation": "EMITIDO", "terminatedDate": None}},
        "PROPERTY_RENTAL_TERMINATION_EXCLUDED",
        RENTAL,
    ),
    (
        "property_rental",
        {"ids": [3], "set": {"situation": "EMITIDO"}},
        "PROPERTY_RENTAL_ISSUED",
        RENTAL,
    ),
    ("property_rental", {"ids": [3], "delete": 1}, "PROPERTY_RENTAL_EXCLUDED", RENTAL),
    ("bills", {"ids": [2], "update": 1}, "BILL_UPDATED", {"billId": 2}),
    ("bills_installments", {"ids": [["2", "1"]], "update": 1}, "BILL_UPDATED", {"billId": 2}),
    ("bills", {"ids": [2], "delete": 1}, "BILL_REMOVED", {"billId": 2}),
    ("creditors", {"ids": [4], "update": 1}, "CREDITOR_UPDATED", {"creditorId": 4}),
    (
        "purchase_orders",
        {"ids": [4], "update": 1},
        "PURCHASE_ORDER_UPDATED",
        {"purchaseOrderId": 4},
    ),
    (
        "purchase_requests",
        {"ids": [4], "delete": 1},
        "PURCHASE_REQUEST_REMOVED",
        {"purchaseRequestId": 4},
    ),
    (
        "purchase_invoices",
        {"ids": [4], "update": 1},
        "PURCHASE_INVOICE_UPDATED",
        {"sequentialNumber": 4},
    ),
]


@pytest.mark.parametrize(("resource", "how", "event", "body"), FAMILIES)
def test_every_change_is_an_event(
    line: Line, resource: str, how: Json, event: str, body: Json
) -> None:
    line.register(*{event for *_, event, _ in FAMILIES})
    line.change(resource, **how)
    (delivery,) = line.settled(1, "delivered")
    assert (delivery["event"], delivery["body"]) == (event, body)
    assert [(h["x-sienge-event"], b) for _, h, b in line.receiver.came] == [(event, body)]


def test_rows_made_removed_and_brought_back(line: Line) -> None:
    line.register(
        "UNIT_CREATED",
        "UNIT_REMOVED",
        "PROPERTY_RENTAL_CREATED",
        "SALES_CONTRACT_CREATED",
        "SALES_CONTRACT_ISSUED",
    )
    created = line.change("units", create=2)["created"]
    line.change("units", ids=created, delete=2)
    restored = line.change("units", restore=1)["restored"]
    (rental,) = line.change("property_rental", create=1)["created"]
    (contract,) = line.change("sales_contracts", create=1, set={"situation": "2"})["created"]
    line.settled(7, "delivered")
    unit = next(
        row["rentalContractUnits"][0]["id"]
        for row in line.sim.truth("property_rental")
        if row["contractSeqId"] == rental
    )
    assert [(d["event"], d["body"]) for d in line.deliveries()] == [
        *(("UNIT_CREATED", {"unitId": key}) for key in created),
        *(("UNIT_REMOVED", {"unitId": key}) for key in created),
        *(("UNIT_CREATED", {"unitId": key}) for key in restored),
        ("PROPERTY_RENTAL_CREATED", {"contractSeqId": rental, "unitId": unit}),
        ("SALES_CONTRACT_CREATED", {"salesContractId": contract}),
    ]


def test_children_with_events_come_and_go_with_their_owner(line: Line) -> None:
    line.register(
        "SALES_CONTRACT_CREATED",
        "SALES_COMMISSION_CREATED",
        "SALES_COMMISSION_INSTALLMENTS_CANCELED",
        "SALES_COMMISSION_INSTALLMENTS_RELEASED",
        "RECEIVABLE_INSTALLMENT_CREATED",
        "RECEIVABLE_INSTALLMENT_UPDATED",
        "CONTRACT_MEASUREMENT_CREATED",
    )
    created = line.change("sales_contracts", create=12)["created"]
    line.change("supply_contracts", create=4)

    def made(event: str) -> list[Any]:
        return [d["body"] for d in line.deliveries() if d["event"] == event]

    def true(resource: str, *names: str) -> list[dict[str, Any]]:
        return [{name: row[name] for name in names} for row in line.sim.truth(resource)]

    commissions = [
        {"commissionId": row["id"]}
        for row in line.sim.truth("sales_commissions")
        if row["contractId"] in created
    ]
    assert made("SALES_COMMISSION_CREATED") == commissions
    assert commissions
    installments = made("RECEIVABLE_INSTALLMENT_CREATED")
    keys = true("receivable_bills_installments", "receivableBillId", "installmentId")
    assert installments
    assert installments == keys[-len(installments) :]
    measured = made("CONTRACT_MEASUREMENT_CREATED")
    names = ("documentId", "contractNumber", "buildingId", "measurementNumber")
    assert measured
    assert measured == true("supply_contracts_measurements", *names)[-len(measured) :]
    first, last = installments[0], commissions[-1]["commissionId"]
    key = [*map(str, first.values())]
    line.change("receivable_bills_installments", ids=[key], set={"balanceDue": 0})
    assert made("RECEIVABLE_INSTALLMENT_UPDATED") == [first]
    line.change("sales_commissions", ids=[last], set={"_state": "Liberada"})
    assert made("SALES_COMMISSION_INSTALLMENTS_RELEASED") == [{"commissionId": last}]
    line.change("sales_contracts", ids=created, delete=len(created))
    assert made("SALES_COMMISSION_INSTALLMENTS_CANCELED") == commissions


def test_a_shift_in_the_middle_of_a_read_is_told(line: Line) -> None:
    line.register("CREDITOR_CREATED", "CREDITOR_REMOVED")
    line.sim.admin("/shift", {"path": "/v1/creditors", "after_requests": 1, "create": 2})
    line.sim.admin("/shift", {"path": "/v1/creditors", "after_requests": 1, "delete": 1})
    line.sim.get("/v1/creditors")
    assert line.deliveries() == []
    line.sim.get("/v1/creditors")
    found = line.settled(3, "delivered")
    assert sorted(d["event"] for d in found) == ["CREDITOR_CREATED"] * 2 + ["CREDITOR_REMOVED"]


def test_the_headers_are_the_vendors(line: Line) -> None:
    key = line.register("CUSTOMER_UPDATED", "SOMETHING_NEW")
    line.change("customers", ids=[9], update=1)
    line.sim.admin("/hooks", {"fire": [{"event": "SOMETHING_NEW", "body": {"thingId": 1}}]})
    line.settled(2, "delivered")
    line.receiver.came.sort(key=lambda one: one[1]["x-sienge-event"])
    (path, headers, body), (_, other, new) = line.receiver.came
    assert (path, body, new) == ("/ganchos/abc", {"customerId": 9}, {"thingId": 1})
    assert {name: headers[name] for name in headers if name.startswith(("x-", "auth", "cont"))} == {
        "authorization": f"Bearer {TOKEN}",
        "content-type": "application/json",
        "content-length": str(len(json.dumps(body, separators=(",", ":")))),
        "x-sienge-tenant": "construtora-demo",
        "x-sienge-event": "CUSTOMER_UPDATED",
        "x-sienge-hook-id": key,
        "x-sienge-id": headers["x-sienge-id"],
    }
    assert headers["x-sienge-id"] != other["x-sienge-id"]


def test_only_what_a_hook_asked_for_is_sent_to_it(line: Line) -> None:
    customers, units = line.register("CUSTOMER_UPDATED"), line.register("UNIT_UPDATED")
    both = line.register("CUSTOMER_UPDATED", "UNIT_UPDATED")
    line.change("customers", ids=[9], update=1)
    line.change("units", ids=[10], update=1)
    line.change("bills", ids=[10], update=1)
    line.settled(4, "delivered")
    told = sorted((h["x-sienge-hook-id"], h["x-sienge-event"]) for _, h, _ in line.receiver.came)
    assert told == sorted(
        [
            (customers, "CUSTOMER_UPDATED"),
            (units, "UNIT_UPDATED"),
            (both, "CUSTOMER_UPDATED"),
            (both, "UNIT_UPDATED"),
        ]
    )


@pytest.mark.parametrize("failure", ["500", "302", "404", "timeout"])
def test_what_fails_is_sent_again_with_the_same_id(line: Line, failure: str) -> None:
    line.register("CUSTOMER_UPDATED")
    if failure == "timeout":
        line.sim.admin("/hooks", {"timeout_seconds": 0.2})
        line.receiver.go_on.clear()
    else:
        line.receiver.statuses = [int(failure)]
    line.change("customers", ids=[9], update=1)
    (failed,) = line.settled(1, "waiting")
    line.receiver.go_on.set()
    line.sim.admin("/clock", {"advance_seconds": 9 * MINUTE})
    assert len(line.deliveries()[0]["attempts"]) == 1
    line.sim.admin("/clock", {"advance_seconds": 2 * MINUTE})
    (delivery,) = line.settled(2, "delivered")
    first, second = delivery["attempts"]
    assert first == failed["attempts"][0]
    assert first["status"] == (None if failure == "timeout" else int(failure))
    assert first.get("error") == ("TimeoutError" if failure == "timeout" else None)
    assert second["status"] == 200
    assert line.receiver.ids == [delivery["id"]] * 2
    assert {path for path, *_ in line.receiver.came} == {"/ganchos/abc"}


def test_after_the_fifth_retry_it_is_given_up(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    given_up = line.sim.admin("/hooks?limit=0")["counts"]["given_up"]
    line.receiver.statuses = [503] * 10
    line.change("customers", ids=[9], update=1)
    for attempt, minutes in enumerate([10, 30, 60, 180, 300], 1):
        line.settled(attempt, "waiting")
        line.sim.admin("/clock", {"advance_seconds": minutes * MINUTE - 30})
        assert len(line.deliveries()[0]["attempts"]) == attempt
        line.sim.admin("/clock", {"advance_seconds": 31})
    (delivery,) = line.settled(6, "given_up")
    assert line.sim.admin("/hooks?limit=0")["counts"]["given_up"] == given_up + 1
    line.sim.admin("/clock", {"advance_seconds": 1000 * MINUTE})
    assert line.receiver.ids == [delivery["id"]] * 6


def test_retries_may_come_in_a_fraction_of_a_second(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    line.sim.admin("/hooks", {"retry_minutes": [0.001, 0.001]})
    line.receiver.statuses = [500, 500]
    line.change("customers", ids=[9], update=1)
    (delivery,) = line.settled(3, "delivered")
    assert [one["status"] for one in delivery["attempts"]] == [500, 500, 200]


def test_nobody_there_is_a_failure_too(line: Line) -> None:
    line.receiver.url = "http://127.0.0.1:9/"
    line.register("CUSTOMER_UPDATED")
    line.change("customers", ids=[9], update=1)
    (delivery,) = line.settled(1, "waiting")
    assert delivery["attempts"][0]["error"] == "ConnectError"


def test_duplicates_on_demand(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    line.sim.admin("/hooks", {"duplicates": 0.5, "seed": 1})
    before = line.sim.admin("/hooks?limit=0")["counts"]
    for key in range(10, 30):
        line.change("customers", ids=[key], update=1)
    twice = sum(d["duplicate"] for d in line.deliveries())
    assert 4 < twice < 16
    line.settled(20 + twice, "delivered")
    assert len(set(line.receiver.ids)) == 20
    assert len(line.receiver.ids) == 20 + twice
    after = line.sim.admin("/hooks?limit=0")["counts"]
    assert (after["fired"], after["duplicates"], after["delivered"]) == (
        before["fired"] + 20,
        before["duplicates"] + twice,
        before["delivered"] + 20 + twice,
    )


def test_delays_change_the_order_and_a_seed_repeats_it(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    orders = []
    for _ in range(2):
        line.receiver.came.clear()
        line.sim.admin("/hooks", {"delay_seconds": 3600, "seed": 7, "concurrency": 1})
        done = sum(len(d["attempts"]) for d in line.deliveries())
        for key in range(10, 30):
            line.change("customers", ids=[key], update=1)
        assert line.receiver.came == []
        line.sim.admin("/clock", {"advance_seconds": 3601})
        line.settled(done + 20, "delivered")
        orders.append([body["customerId"] for body in line.receiver.bodies])
    assert orders[0] == orders[1] != list(range(10, 30))
    assert sorted(orders[0]) == list(range(10, 30))


def test_paused_deliveries_wait(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    line.sim.admin("/hooks", {"paused": True})
    line.change("customers", ids=[9, 10], update=2)
    line.sim.admin("/clock", {"advance_seconds": 60})
    assert [(d["state"], d["attempts"]) for d in line.deliveries()] == [("waiting", [])] * 2
    line.sim.admin("/hooks", {"paused": False})
    line.settled(2, "delivered")


def test_a_slow_receiver_delays_nobody_and_few_deliveries_go_at_a_time(line: Line) -> None:
    line.register("CUSTOMER_UPDATED")
    line.sim.admin("/hooks", {"timeout_seconds": 60, "concurrency": 3})
    line.receiver.go_on.clear()
    for key in range(10, 18):
        line.change("customers", ids=[key], update=1)
    assert line.sim.get("/v1/customers/10").status_code == 200
    started = [d for d in line.deliveries() if d["attempts"]]
    assert len(started) == 3
    assert all(d["attempts"][0]["done"] is None for d in started)
    line.receiver.go_on.set()
    line.settled(8, "delivered")


def test_a_removed_hook_hears_no_more(line: Line) -> None:
    key = line.register("CUSTOMER_UPDATED")
    line.receiver.statuses = [500]
    line.change("customers", ids=[9], update=1)
    line.settled(1, "waiting")
    assert ask(line.sim, "DELETE", f"/v1/hooks/{key}").status_code == 204
    assert [d["state"] for d in line.deliveries()] == ["dropped"]
    line.change("customers", ids=[10], update=1)
    line.sim.admin("/clock", {"advance_seconds": 11 * MINUTE})
    other = line.register("CUSTOMER_UPDATED")
    line.change("customers", ids=[11], update=1)
    line.settled(2)
    assert [(d["state"], d["hook"]) for d in line.deliveries()] == [
        ("dropped", key),
        ("delivered", other),
    ]
    assert line.receiver.bodies == [{"customerId": 9}, {"customerId": 11}]


def test_tokens_are_told_by_the_api_only(line: Line) -> None:
    key = line.register("CUSTOMER_UPDATED")
    line.receiver.statuses = [500]
    line.change("customers", ids=[9], update=1)
    line.settled(1)
    told = {row["id"]: row["token"] for row in line.sim.truth("hooks")}
    assert told.pop(key) == "***"
    assert all(token.startswith("token-ficticio-") for token in told.values())
    for path in ("/hooks", "/requests"):
        assert TOKEN not in json.dumps(line.sim.admin(path))
    assert line.receiver.url not in json.dumps(line.sim.admin("/hooks"))


def test_unknown_settings_are_refused(line: Line) -> None:
    for body in ({"colour": 1}, {"duplicates": "muitos"}, {"retry_minutes": 7}):
        answer = line.sim.session.post(f"{line.sim.root}/_admin/hooks", json=body, timeout=60)
        assert answer.status_code == 400
    assert line.sim.admin("/hooks?limit=0")["settings"]["retry_minutes"] == [10, 30, 60, 180, 300]


def test_without_hooks_nothing_is_fired(own: Simulator) -> None:
    own.admin("/change", {"resource": "customers", "create": 3, "update": 2, "delete": 1})
    assert own.admin("/hooks")["counts"]["fired"] == 0
    assert own.admin("/hooks")["events"] == []
