"""From an event to the row: the receiver, the panel, Meltano and a database, all of them real."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sienge_panel.hooks.registration import Hooks
from sienge_panel.problem import ProblemError
from sienge_panel.quota import SAO_PAULO
from sienge_simulator import testing

from testing.pipeline import Line, running_line
from tests.hooks import Receiver, running_hooks
from tests.panel import READING, Panel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER, SECRET = testing.USER
SELECT = json.dumps([f"{table}.*" for table in ("customers", "units", "sync_log")])
NUMBER = "select count(*)::int as it from meltano.runs where trigger = 'hook'"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    rows = ("--rows", "customers=30", "--rows", "units=20")
    with running_line(tmp_path_factory.mktemp("ganchos"), *rows) as found:
        (found.project / "transform").unlink()
        found.run(TAP_SIENGE__SELECT=SELECT)
        yield found


@pytest.fixture(scope="module")
def both(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Panel, Receiver]]:
    own = {
        "TAP_SIENGE__SELECT": SELECT,
        "TAP_SIENGE_MAX_RETRIES": "0",
        "PANEL_HOOKS_SECONDS": "0.5",
        "SYNC_CRON": "59 23 * * *",  # everything is still to be read today
    }
    with running_hooks(line, tmp_path_factory.mktemp("painel"), **own) as started:
        yield started


@pytest.fixture(scope="module")
def panel(both: tuple[Panel, Receiver]) -> Panel:
    return both[0]


@pytest.fixture(scope="module")
def receiver(both: tuple[Panel, Receiver]) -> Receiver:
    return both[1]


def until(happened: Callable[[], Any]) -> Any:  # noqa: ANN401
    for _ in range(1200):
        if found := happened():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def event(line: Line, number: str) -> dict[str, Any]:
    (found,) = line.query(f"select * from sienge.eventos where sienge_id = '{number}'")
    return found


def done(line: Line, *numbers: str) -> list[str]:
    """Wait until events are done; give their results."""
    return [until(lambda it=it: event(line, it)["resultado"]) for it in numbers]  # type: ignore[misc]


def rename(line: Line, customer: int, name: str) -> None:
    change = {"resource": "customers", "ids": [customer], "update": 1, "set": {"name": name}}
    line.simulator.admin("/change", change)


def name_of(line: Line, customer: int) -> str:
    (found,) = line.query(f"select name from sienge.customers where id = {customer}")
    return str(found["name"])


def runs(line: Line) -> int:
    return int(line.query(NUMBER)[0]["it"])


def asked(line: Line, path: str) -> int:
    return sum(path in request["path"] for request in line.simulator.requests)


# These tests follow each other


def test_events_land_in_one_run_that_is_no_sync_of_everything(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    visitor = panel.browser()
    last, states = (
        visitor.read("/api/status")["last"],
        line.query("select completed_state from meltano.state"),
    )
    before = {row["id"]: row for row in line.landed("customers")}
    rename(line, 3, "Nome Novo")
    line.simulator.admin("/change", {"resource": "customers", "ids": [4], "delete": 1})
    for number, kind, customer in (
        ("a1", "UPDATED", 3), ("a2", "UPDATED", 3), ("a3", "REMOVED", 4),
    ):  # fmt: skip
        told = receiver.tell(f"CUSTOMER_{kind}", {"customerId": customer}, number)
        assert told.status_code == 200
    receiver.tell("COISA_NOVA", {"coisaId": 1}, "a4")
    assert done(line, "a1", "a2", "a3", "a4") == ["lido", "lido", "removido", "desconhecido"]

    now = {row["id"]: row for row in line.landed("customers")}
    assert now.keys() == before.keys() - {4}
    assert now[3]["name"] == "Nome Novo"
    assert all(now[id_] == before[id_] for id_ in now if id_ != 3)
    assert line.query("select completed_state from meltano.state") == states
    assert asked(line, "/v1/customers/3") == 1
    assert runs(line) == 1
    (run,) = [run for run in visitor.read("/api/runs") if run["started_by"] == "hook"]
    assert run["state"] == "success"
    assert visitor.read("/api/status")["last"]["id"] == last["id"]
    assert run["id"] not in {found["id"] for found in visitor.read("/api/runs?partial=false")}


def test_a_kill_of_the_panel_loses_no_event_and_one_that_comes_meanwhile_is_read_again(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    before, asked_before = runs(line), asked(line, "/v1/customers/5")
    line.simulator.admin(
        "/faults", {"path": "/v1/customers/5", "kind": "latency", "latency_ms": 2000}
    )
    rename(line, 5, "Antes")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 5}, "b1")
    until(lambda: asked(line, "/v1/customers/5") > asked_before)
    rename(line, 5, "Depois")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 5}, "b2")
    panel.process.send_signal(signal.SIGKILL)
    panel.process.wait()
    assert event(line, "b1")["resultado"] is None
    panel.start()
    assert done(line, "b1", "b2") == ["lido", "lido"]
    assert name_of(line, 5) == "Depois"
    assert runs(line) >= before + 2  # the one that was left over is not believed


def test_an_event_waits_for_the_next_day_where_the_quota_has_ended(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    before, requests = runs(line), len(line.simulator.requests)
    visitor = panel.browser()
    assert visitor.ask("PUT", "/api/credentials", json={"plan": "free"}).ok
    # What the night will cost is not for events: one request less than that is left.
    (night,) = line.query("select sum(requests)::int as cost from sienge.sync_log")
    day = datetime.now(SAO_PAULO).date()
    with closing(sqlite3.connect(line.simulator.quota_db, isolation_level=None)) as ledger:
        ledger.execute("update quota set requests = ? where kind = 'rest'", [100 - night["cost"]])
    rename(line, 6, "Amanhã")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 6}, "c1")
    until(lambda: event(line, "c1")["motivo"])
    waiting = event(line, "c1")
    midnight = datetime.combine(day + timedelta(1), datetime.min.time(), SAO_PAULO)
    assert (waiting["proxima"], waiting["tentativas"]) == (midnight, 0)
    assert (runs(line), len(line.simulator.requests)) == (before, requests)
    shown = visitor.read("/api/hooks")
    assert (shown["waiting"], shown["events"][0]["reason"]) == (1, waiting["motivo"])

    assert visitor.ask("PUT", "/api/credentials", json={"plan": ""}).ok
    line.query("update sienge.eventos set proxima = now() where sienge_id = 'c1' returning 1")


def test_no_event_is_blamed_for_what_keeps_a_run_from_landing(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    line.simulator.admin("/permissions", {"/v1/customers": 401})
    rename(line, 12, "Doze")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 12}, "e1")
    waiting = until(lambda: event(line, "e1")["motivo"] and event(line, "e1"))
    assert (waiting["tentativas"], waiting["resultado"]) == (0, None)
    assert "recusou o usuário ou a senha" in waiting["motivo"]
    status = panel.browser().read("/api/status")
    assert status["last"]["started_by"] != "hook"
    line.simulator.admin("/permissions", {"/v1/customers": None})
    assert done(line, "c1", "e1") == ["lido", "lido"]
    assert (name_of(line, 6), name_of(line, 12)) == ("Amanhã", "Doze")


def test_an_event_that_fails_again_and_again_is_set_aside_and_can_be_tried_again(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    fault = {"path": "/v1/customers/7", "kind": "status", "status": 500, "count": 1000}
    line.simulator.admin("/faults", fault)
    rename(line, 7, "Sete")
    rename(line, 8, "Oito")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 7}, "d1")
    receiver.tell("CUSTOMER_UPDATED", {"customerId": 8}, "d2")
    assert done(line, "d2") == ["lido"]
    failed = until(lambda: event(line, "d1")["motivo"] and event(line, "d1"))
    assert failed["tentativas"] == 1
    assert failed["proxima"] > datetime.now(timezone.utc)
    line.query("update sienge.eventos set tentativas = 5, proxima = now() where sienge_id = 'd1'"
               " returning 1")  # fmt: skip
    assert done(line, "d1") == ["separado"]
    visitor = panel.browser()
    (aside,) = visitor.read("/api/hooks")["set_aside"]
    assert "500" in aside["reason"]
    reader = panel.browser(password=READING)
    assert reader.post(f"/api/hooks/again?event={aside['id']}").status_code == 403
    line.simulator.admin("/faults", method="DELETE")
    assert visitor.post(f"/api/hooks/again?event={aside['id']}").ok
    assert event(line, "d1")["resultado"] is None


def test_what_came_of_events_of_long_ago_is_forgotten(panel: Panel, line: Line) -> None:
    tables = {
        "sienge.eventos": "feito",
        "meltano.runs": "started_at",
        "sienge.record_log": "read_at",
    }
    panel.stop()
    try:
        kept = {}
        for table, moment in tables.items():
            old = f"{moment} = {moment} - interval '91 days'"
            which = "trigger = 'hook'" if table == "meltano.runs" else f"{moment} is not null"
            one = f"(select ctid from {table} where {which} limit 1)"
            kept[table] = len(line.query(f"select 1 from {table}")) - 1
            assert len(line.query(f"update {table} set {old} where ctid = {one} returning 1")) == 1
    finally:
        panel.start()
    until(lambda: all(len(line.query(f"select 1 from {it}")) == n for it, n in kept.items()))


def test_the_secret_is_the_owner_s_and_the_panel_s_port_receives_nothing(
    panel: Panel, receiver: Receiver
) -> None:
    owner, reader = panel.browser(), panel.browser(password=READING)
    address = owner.read("/api/hooks")["address"]
    assert address == receiver.url + receiver.keys.path
    assert reader.read("/api/hooks")["address"] is None
    assert owner.post("/api/hooks/token", {"password": "errada"}).status_code == 403
    for path in ("check", "registration", "token"):
        assert reader.post(f"/api/hooks/{path}", {"password": READING}).status_code == 403
    seen = "".join(reader.answers)
    assert receiver.keys.secret not in seen
    assert receiver.keys.token not in "".join(owner.answers)
    answer = owner.post(receiver.keys.path, {"customerId": 1})
    assert answer.status_code in {404, 405}


def test_the_address_is_checked_by_who_answers_there(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    visitor = panel.browser()
    assert visitor.post("/api/hooks/check").json()["outcome"] == "ok"
    receiver.stop()
    told = visitor.post("/api/hooks/check").json()
    assert told["outcome"] == "failed"
    assert "Ninguém respondeu" in told["message"]
    assert visitor.post("/api/hooks/registration", {}).status_code == 409
    assert not hooks(line)
    receiver.start()


def hooks(line: Line) -> list[dict[str, Any]]:
    """Give the webhooks that were registered at the API, not the invented ones."""
    found: list[dict[str, Any]] = line.simulator.rows("/v1/hooks")
    return [hook for hook in found if "127.0.0.1" in hook["url"]]


def delivered(line: Line, state: str, count: int) -> bool:
    found: int = line.simulator.admin("/hooks")["counts"][state]
    return found == count


def test_the_panel_s_own_requests_keep_to_the_limit_of_the_minute(line: Line) -> None:
    asking = Hooks(line.environment | {"TAP_SIENGE_REQUESTS_PER_MINUTE": "4"})
    with closing(sqlite3.connect(line.simulator.quota_db, isolation_level=None)) as ledger:
        ledger.execute("delete from request")
    before = len(line.simulator.requests)
    for _ in range(2):  # a page of webhooks, and an empty one
        asking.ours("https://painel.example")
    with pytest.raises(ProblemError, match="deste minuto"):
        asking.ours("https://painel.example")
    assert len(line.simulator.requests) == before + 4


def test_the_panel_asks_nothing_that_it_cannot_count(line: Line) -> None:
    asking, before = Hooks(line.environment), len(line.simulator.requests)
    with closing(sqlite3.connect(line.simulator.quota_db, isolation_level=None)) as ledger:
        ledger.execute("begin immediate")
        with pytest.raises(ProblemError, match="deste minuto"):
            asking.ours("https://painel.example")
    assert len(line.simulator.requests) == before


def test_sienge_is_told_where_to_call_and_what_it_tells_lands(
    panel: Panel, receiver: Receiver, line: Line
) -> None:
    visitor = panel.browser()
    used = visitor.read("/api/status")["used"]["rest"]
    for more in ("OLD_EVENT", "NEW_EVENT"):  # the second takes the place of the first
        assert visitor.post("/api/hooks/registration", {"more": [more]}).ok
        (hook,) = hooks(line)
    assert hook["url"] == receiver.url + receiver.keys.path
    assert {"CUSTOMER_UPDATED", "PROPERTY_RENTAL_CREATED", "NEW_EVENT"} <= {*hook["events"]}
    assert visitor.read("/api/hooks")["registered"]["events"] == len(hook["events"])
    assert visitor.read("/api/status")["used"]["rest"] >= used + 5  # in the tap's own count

    # While nobody listens, Sienge tries again, and gives up in the end.
    receiver.stop()
    line.simulator.admin("/hooks", {"retry_minutes": [0.05, 0.05, 0.05, 0.05]})
    rename(line, 10, "Dez")
    until(lambda: len(line.simulator.admin("/hooks")["events"][-1]["attempts"]) > 1)
    receiver.start()
    until(lambda: name_of(line, 10) == "Dez")
    assert done(line, "d1") == ["lido"]  # which was tried again
    receiver.stop()
    line.simulator.admin("/hooks", {"retry_minutes": []})
    rename(line, 11, "Onze")
    until(lambda: delivered(line, "given_up", 1))
    receiver.start()
    line.run(TAP_SIENGE__SELECT=SELECT)  # as every night
    assert name_of(line, 11) == "Onze"

    assert visitor.ask("DELETE", "/api/hooks/registration").ok
    assert not hooks(line)
    assert visitor.read("/api/hooks")["registered"] is None
    assert visitor.read("/api/hooks")["address"] != receiver.url + receiver.keys.path
