"""What Sienge calls, over real HTTP: what it keeps before it answers, and what it refuses."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import requests
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from sienge_panel import share
from sienge_panel.problem import ProblemError
from sienge_panel.settings import Settings
from sienge_panel.throttle import Rate, SlowedError

from demo.postgres import Postgres, free_port
from testing.pipeline import ROOT
from tests.hooks import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TENANT = "construtora-demo"
CADDY = shutil.which("caddy")
EXAMPLE = ROOT / "docs" / "exemplos" / "ganchos.Caddyfile"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    found = Postgres(tmp_path_factory.mktemp("banco"), durable=False)
    found.start()
    yield found
    found.remove()


@pytest.fixture(scope="module")
def receiver(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    found = Receiver(environment(server), tmp_path_factory.mktemp("receptor") / "log")
    yield found
    found.stop()


def environment(server: Postgres) -> dict[str, str]:
    return {
        "TARGET_POSTGRES_SQLALCHEMY_URL": server.url,
        "TAP_SIENGE_SUBDOMAIN": TENANT,
        "PANEL_KEY": Fernet.generate_key().decode(),
        "PANEL_HOOKS_PORT": str(free_port()),
    }


def query(server: Postgres, sql: str, *values: object) -> list[dict[str, Any]]:
    with psycopg.connect(server.url, row_factory=dict_row) as connection:
        found = connection.execute(sql, values)
        return found.fetchall() if found.description else []


def kept(server: Postgres, number: str = "") -> list[dict[str, Any]]:
    sql = "select * from sienge.eventos where %s in ('', sienge_id) order by id"
    return query(server, sql, number)


def test_an_event_is_committed_before_it_is_answered(receiver: Receiver, server: Postgres) -> None:
    answer = receiver.tell("CUSTOMER_UPDATED", {"customerId": 12}, "a-1")
    assert answer.status_code == 200
    (event,) = kept(server, "a-1")
    assert (event["tipo"], event["ids"], event["feito"]) == (
        "CUSTOMER_UPDATED", {"customerId": 12}, None,
    )  # fmt: skip
    assert event["cabecalhos"]["x-sienge-hook-id"] == "1c9f"
    told = json.dumps(kept(server), default=str) + receiver.log.read_text()
    assert receiver.keys.token not in told
    assert receiver.keys.secret not in told


def test_what_cannot_be_kept_is_not_answered_with_success(
    receiver: Receiver, server: Postgres
) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("lock table sienge.eventos in access exclusive mode")
        refused = receiver.tell("CUSTOMER_UPDATED", {"customerId": 13}, "a-2")
        assert refused.status_code == 503
    assert receiver.tell("CUSTOMER_UPDATED", {"customerId": 13}, "a-2").status_code == 200
    assert len(kept(server, "a-2")) == 1


def test_an_event_that_comes_again_is_kept_once(receiver: Receiver, server: Postgres) -> None:
    def again(_: int) -> int:
        return receiver.tell("UNIT_CREATED", {"unitId": 1}, "a-3").status_code

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(again, range(16))} == {200}
    assert len(kept(server, "a-3")) == 1


def test_what_was_answered_survives_a_kill_and_a_restart_of_the_database(
    receiver: Receiver, server: Postgres
) -> None:
    before = len(kept(server))
    for number in range(20):
        told = receiver.tell("UNIT_UPDATED", {"unitId": number})
        assert told.status_code == 200
    receiver.process.send_signal(signal.SIGKILL)
    receiver.process.wait()
    assert len(kept(server)) == before + 20
    receiver.start()
    query(server, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> "
                  "pg_backend_pid() and backend_type = 'client backend'")  # fmt: skip
    assert receiver.tell("UNIT_UPDATED", {"unitId": 21}).status_code == 200
    assert len(kept(server)) == before + 21


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (401, {"authorization": "Bearer outro"}),
        (401, {"authorization": ""}),
        (401, {"authorization": "Basic {token}"}),
        (404, {"path": "/ganchos/outro"}),
        (404, {"path": "/ganchos/"}),
        (403, {"x_sienge_tenant": "outra-construtora"}),
        (403, {"x_sienge_tenant": ""}),
        (400, {"x_sienge_id": ""}),
        (400, {"x_sienge_event": ""}),
        (400, {"x_sienge_event": "DOIS NOMES"}),
    ],
)
def test_only_sienge_may_call(
    receiver: Receiver, server: Postgres, status: int, changes: dict[str, str]
) -> None:
    before = len(kept(server))
    filled = {name: it.replace("{token}", receiver.keys.token) for name, it in changes.items()}
    answer = receiver.tell("UNIT_UPDATED", {"unitId": 1}, **filled)
    assert answer.status_code == status
    assert len(kept(server)) == before


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[1]", b"12", b"NaN", b'{"id": NaN}', b'{"id": 1e999}', b"[" * 8000,
        '{"id": [{"a": "João da Silva"}]}'.encode(), '{"name": "João da Silva"}'.encode(),
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"email": "joao@exemplo.com.br"}', b'{"id": "\\u0000"}', b'{"a b c": 1}', b"\xff",
    ],
)  # fmt: skip
def test_a_body_holds_only_ids(receiver: Receiver, server: Postgres, body: bytes) -> None:
    before = len(kept(server))
    assert receiver.tell("UNIT_UPDATED", body).status_code == 400
    assert len(kept(server)) == before


def test_the_ids_of_any_kind_are_kept(receiver: Receiver, server: Postgres) -> None:
    ids = {"contractSeqId": 7, "code": "A-1.2", "uuid": "0b1c:x", "active": True, "other": None}
    ids |= {"installments": [1, {"id": 2}]}
    assert receiver.tell("QUALQUER_COISA", ids, "a-4").status_code == 200
    assert kept(server, "a-4")[0]["ids"] == ids


def test_a_large_body_is_refused_before_it_comes(receiver: Receiver) -> None:
    _, _, port = receiver.url.rpartition(":")
    head = f"POST {receiver.keys.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(port)), 20) as connection:
        connection.sendall(head.encode())
        assert b" 413 " in connection.recv(4096)
    assert receiver.tell("UNIT_UPDATED", b" " * 16385).status_code == 413
    blank = b'{"unitId": 1' + b" " * (16384 - 13) + b"}"
    assert receiver.tell("UNIT_UPDATED", blank).status_code == 200
    pieces = receiver.session.post(
        receiver.url + receiver.keys.path, data=iter([b" " * 9000] * 2), timeout=60
    )
    assert pieces.status_code == 413


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("POST", "/"), ("GET", "/healthz"), ("GET", "/api/status"),
        ("POST", "/api/login"), ("GET", "/metrics"), ("GET", "{}"), ("PUT", "{}"), ("POST", "{}/x"),
        ("POST", "/x{}"), ("POST", "//ganchos"), ("OPTIONS", "{}"),
    ],
)  # fmt: skip
def test_the_port_serves_nothing_else(receiver: Receiver, method: str, path: str) -> None:
    url = receiver.url + path.format(receiver.keys.path)
    headers = {"Authorization": f"Bearer {receiver.keys.token}"}
    answer = receiver.session.request(method, url, headers=headers, timeout=60)
    assert answer.status_code == 404


@pytest.mark.skipif(not CADDY, reason="falta o Caddy (make proxies)")
def test_the_caddy_of_the_example_lets_only_events_pass(
    receiver: Receiver, server: Postgres, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    text = EXAMPLE.read_text("utf-8")
    for shown, real in (
        ("ganchos.minhaconstrutora.com.br {", f"{url} {{"),
        ("127.0.0.1:3001", receiver.url.removeprefix("http://")),
    ):
        assert shown in text
        text = text.replace(shown, real)
    site, log = tmp_path / "Caddyfile", tmp_path / "caddy.log"
    site.write_text("{\n\tadmin off\n}\n" + text, encoding="utf-8")
    command = [str(CADDY), "run", "--adapter=caddyfile", f"--config={site}"]
    with log.open("wb") as output, subprocess.Popen(
        command, stdout=output, stderr=output, env={"HOME": str(tmp_path)}
    ) as proxy:  # fmt: skip
        try:
            for _ in range(100):
                try:
                    refused = requests.get(f"{url}{receiver.keys.path}", timeout=5)
                except requests.ConnectionError:  # noqa: PERF203
                    time.sleep(0.1)
                else:
                    break
            assert refused.status_code == 404
            assert requests.post(f"{url}/api/login", timeout=5).status_code == 404
            direct, receiver.url = receiver.url, url
            assert receiver.tell("UNIT_UPDATED", {"unitId": 9}, "caddy-1").status_code == 200
            receiver.url = direct
        finally:
            proxy.terminate()
    assert len(kept(server, "caddy-1")) == 1
    assert receiver.keys.secret not in log.read_text()


def test_wrong_calls_are_slowed_and_right_ones_are_not(receiver: Receiver) -> None:
    wrong = {"authorization": "Bearer errado"}
    for _ in range(200):
        answer = receiver.tell("UNIT_UPDATED", {"unitId": 1}, **wrong)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert receiver.tell("UNIT_UPDATED", {"unitId": 1}).status_code == 200


def test_also_right_calls_have_a_limit() -> None:
    rate = Rate(burst=3, per_second=0.001)
    for _ in range(3):
        rate.take()
    with pytest.raises(SlowedError) as slowed:
        rate.take()
    assert slowed.value.seconds > 1
    rate.take("10.0.0.1")  # another's


def test_an_address_that_cannot_be_is_told(server: Postgres) -> None:
    env = environment(server)
    for wrong in ("http://exemplo.com.br", "ganchos", "https://exemplo.com.br/pasta"):
        with pytest.raises(ProblemError, match="PANEL_HOOKS_URL"):
            Settings.read({**env, "PANEL_HOOKS_URL": wrong})
    assert Settings.read({**env, "PANEL_HOOKS_URL": "https://x.com.br/"}).hooks_url == (
        "https://x.com.br"
    )


LOG = """
create table sienge.sync_log (
    run_id text, stream text, started_at timestamp, finished_at timestamp, status text,
    extent text, rows bigint, rejected bigint, requests bigint, warnings jsonb, error text
);
create schema meltano;
create table meltano.runs (
    run_id uuid, job_name text, trigger text, state text, started_at timestamp, ended_at timestamp,
    last_heartbeat_at timestamp, payload text
)
"""

READ = """
insert into sienge.sync_log (run_id, stream, started_at, status, requests)
select %s, stream, (now() - %s * interval '1 hour') at time zone 'America/Sao_Paulo', %s, requests
from unnest(%s::text[], %s::int[]) as it (stream, requests)
"""


@pytest.mark.usefixtures("receiver")
def test_the_night_keeps_what_a_whole_run_costs(server: Postgres) -> None:
    env = environment(server) | {"TAP_SIENGE_PLAN": "start", "TAP_SIENGE_QUOTA_RESERVE": "10"}
    settings = Settings.read(env)
    assert share.night_share(settings) == {"rest": 0, "bulk": 0}
    query(server, LOG)
    many = ["customers", "units", "bills", "bulk_income"]
    query(server, READ, "inteira", 30, "ok", many, [100, 20, 30, 6])
    query(server, READ, "cortada", 20, "postponed", many, [1, 1, 1, 1])
    query(server, READ, "uma tabela", 10, "ok", ["customers"], [900])
    query(server, READ, "aviso", 5, "ok", many, [7, 7, 7, 7])
    query(
        server,
        "insert into meltano.runs (trigger, started_at, ended_at) values ('hook', "
        "(now() - interval '5 hours 1 minute') at time zone 'UTC', "
        "(now() - interval '4 hours') at time zone 'UTC')",
    )
    assert share.night_share(settings) == {"rest": 150, "bulk": 6}
    lowered = share.for_the_day(env, settings)
    # The tap takes the reserve of others away itself.
    assert lowered["TAP_SIENGE_DAILY_REQUEST_LIMIT"] == "850"
    assert lowered["TAP_SIENGE_DAILY_BULK_LIMIT"] == "14"
    free = share.for_the_day({**env, "TAP_SIENGE_PLAN": "free"}, settings)
    # Nothing is left, and the tap must not refuse the setting.
    assert free["TAP_SIENGE_DAILY_REQUEST_LIMIT"] == "11"
    assert "TAP_SIENGE_DAILY_REQUEST_LIMIT" not in share.for_the_day(
        {name: value for name, value in env.items() if name != "TAP_SIENGE_PLAN"}, settings
    )
