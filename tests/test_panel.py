"""The panel: who may come in, what it keeps to itself, and what it starts."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep, time
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import psycopg
import pytest
import schemathesis
import time_machine
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, given, settings
from prometheus_client.parser import text_string_to_metric_families
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from sienge_panel import maintenance, migrations
from sienge_panel.choice import selecting
from sienge_panel.interface import document
from sienge_panel.login import Login
from sienge_panel.powerbi import PARAMETERS
from sienge_panel.quota import limits
from sienge_panel.settings import DOCS, OWNER, Settings
from sienge_panel.vault import Vault
from sienge_simulator import testing
from tap_sienge.limits import PLANS
from tap_sienge.settings import quotas
from tap_sienge.values import SAO_PAULO

from testing.pipeline import ROOT, Line, running_line
from tests.panel import COMMAND, PASSWORD, Browser, Panel, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation, Case

STEPS = ("step", "number", "of", "rows")
SCRIPT = "self.pronta = true"
READER = "so-de-leitura"
METRICS = "so-de-metricas"
SECRET = testing.USER[1]
MAKE = """
import os
from sienge_panel.settings import Settings
from sienge_panel.vault import Vault
Vault(Settings.read(os.environ))
"""


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("painel")
    page = folder / "pagina"
    page.mkdir()
    (page / "index.html").write_text(f'<title>Painel</title><script id="a">{SCRIPT}</script>')
    (page / "tabelas").mkdir()
    (page / "tabelas" / "index.html").write_text("<title>Tabelas</title>")
    with running_line(folder, "--rows", "enterprises=450") as line:
        (line.project / "transform").unlink()  # dbt would build longer than all tests here take
        own = {"PANEL_WEB": str(page), "LEITURA_PASSWORD": READER, "PANEL_METRICS_TOKEN": METRICS}
        own |= {f"TAP_SIENGE_{kind}REQUESTS_PER_MINUTE": "100000" for kind in ("", "BULK_")}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


@pytest.fixture(scope="module")
def browser(panel: Panel) -> Browser:
    """Someone who has entered and told the credentials."""
    found = panel.browser()
    answer = found.ask("PUT", "/api/credentials", json=credentials(panel.line))
    assert answer.status_code == 200, answer.text
    return found


def credentials(line: Line, **changes: str) -> dict[str, str]:
    config = line.simulator.config
    known = {"subdomain": config["subdomain"], "username": config["username"], "password": SECRET}
    return known | changes


def command(panel: Panel, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=panel.line.project,
        env={**panel.env, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def events(browser: Browser, run: str) -> list[Any]:
    """Follow a run to its end."""
    url = f"{browser.url}/api/runs/{run}/events"
    with browser.get(url, stream=True, timeout=300) as answer:
        said = [line for line in answer.iter_lines(decode_unicode=True) if line]
    assert said[-2:] == ["event: end", "data: {}"]
    return [json.loads(line.removeprefix("data: ")) for line in said[:-2] if line[:5] == "data:"]


# Who may come in


@pytest.mark.parametrize("password", ["", "curta", "aaaaaaaaaaaaaaaa", "minha-senha-do-sienge"])
def test_it_does_not_start_with_a_weak_password(panel: Panel, password: str) -> None:
    done = command(panel, "serve", PANEL_PASSWORD=password)
    assert done.returncode == 1
    assert "PANEL_PASSWORD" in done.stderr
    assert "Traceback" not in done.stderr


def routes() -> list[tuple[str, str]]:
    paths = document()["paths"].items()
    found = [(method.upper(), path) for path, methods in paths for method in methods]
    return [route for route in found if route[1] not in {"/healthz", "/metrics", "/api/login"}]


def test_no_endpoint_answers_without_a_session(panel: Panel) -> None:
    stranger = panel.browser(login=False)
    stranger.cookies.set("painel", "inventado.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert len(routes()) > 10
    for method, path in routes():
        path = path.replace("{run}", "00000000-0000-0000-0000-000000000000")
        assert stranger.ask(method, path, json={}).status_code == 401, (method, path)
    assert stranger.ask("GET", "/api/docs").status_code == 401
    for path in ("/redoc", "/openapi.json"):
        assert stranger.ask("GET", path).status_code == 404
    assert stranger.read("/healthz") == {"status": "ok"}


def test_a_session_ends_with_its_logout_even_in_a_copied_cookie(panel: Panel) -> None:
    browser, thief = panel.browser(), panel.browser(login=False)
    assert browser.post("/api/login", {"password": "errada"}).status_code == 401
    answer = browser.post("/api/login", {"password": PASSWORD})
    assert {"HttpOnly", "SameSite=strict", "Max-Age=43200"} <= set(
        answer.headers["Set-Cookie"].split("; ")
    )
    thief.cookies.update(browser.cookies)
    thief.read("/api/credentials")
    assert browser.post("/api/logout").status_code == 204
    assert "painel" not in browser.cookies
    assert thief.ask("GET", "/api/credentials").status_code == 401


def test_a_session_ends_after_twelve_hours_whatever_the_browser_keeps(panel: Panel) -> None:
    found = Settings.read(panel.env)
    login = Login({OWNER: PASSWORD}, found.keys[0], Vault(found))
    for hours, status in ((11, 200), (13, 401)):
        with time_machine.travel(datetime.now(SAO_PAULO) - timedelta(hours=hours)):
            _, cookie = login.enter(PASSWORD, "") or ("", "")
        stranger = panel.browser(login=False)
        stranger.cookies.set("painel", cookie)
        assert stranger.ask("GET", "/api/runs").status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://outro.exemplo"},
        {"Origin": None},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_post_from_elsewhere_is_refused(panel: Panel, headers: dict[str, str | None]) -> None:
    browser = panel.browser()
    assert browser.post("/api/logout", headers=headers).status_code == 403
    browser.read("/api/credentials")


def test_it_answers_to_its_own_name_only(panel: Panel) -> None:
    foreign = {"Host": "outro.exemplo", "Origin": "http://outro.exemplo"}
    stranger = panel.browser(login=False)
    answer = stranger.post("/api/login", {"password": PASSWORD}, headers=foreign)
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["outro.exemplo", "127.0.0.1.outro.exemplo", "[::1", ""])
def test_a_name_that_it_does_not_know_is_told_what_to_set(panel: Panel, host: str) -> None:
    answer = panel.browser(login=False).ask("GET", "/", headers={"Host": host})
    assert answer.status_code == 400
    if host:
        assert f"não conhece o nome {host}; ponha em PANEL_URL" in answer.json()["detail"]


def test_it_leads_to_a_page_without_a_name_that_a_proxy_may_have_changed(panel: Panel) -> None:
    browser = panel.browser(login=False)
    answer = browser.ask("GET", "/tabelas", allow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["Location"] == "/tabelas/"
    assert "Tabelas" in browser.ask("GET", "/tabelas").text


def test_every_answer_carries_the_headers_that_protect(panel: Panel) -> None:
    for answer in (panel.browser().ask("GET", "/api/runs"), panel.browser().ask("GET", "/nada")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


def test_the_page_runs_the_scripts_of_its_build_and_no_others(panel: Panel) -> None:
    answer = panel.browser(login=False).ask("GET", "/")
    assert SCRIPT in answer.text
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert policy.count("sha256-") == 1


def test_the_models_documentation_is_shown_where_no_script_reaches_the_session(
    panel: Panel,
) -> None:
    browser, page = panel.browser(), panel.line.project / DOCS
    assert "depois da sincronização" in browser.ask("GET", "/api/docs").json()["detail"]
    page.parent.mkdir(parents=True)
    page.write_text("<script>dbt()</script>")
    answer = browser.ask("GET", "/api/docs")
    assert answer.text == "<script>dbt()</script>"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_guessing_is_slowed_whoever_one_claims_to_be(panel: Panel) -> None:
    def guess(password: str, number: int) -> http.client.HTTPResponse:
        host = panel.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, source_address=("127.0.0.2", 0))
        headers = {"Origin": panel.url, "Content-Type": "application/json"}
        headers["X-Forwarded-For"] = f"10.0.0.{number}"
        connection.request("POST", "/api/login", json.dumps({"password": password}), headers)
        answer = connection.getresponse()
        connection.close()
        return answer

    statuses = [guess("errada", number).status for number in range(12)]
    assert statuses[:5] == [401] * 5
    assert 429 in statuses[5:]
    refused_too = False
    for _ in range(5):  # on a busy machine a second may pass between a refusal and the next try
        answer = next(found for _ in range(20) if (found := guess("errada", 0)).status == 429)
        assert int(answer.headers["Retry-After"]) >= 1
        refused_too = refused_too or guess(PASSWORD, 99).status == 429
    assert refused_too
    panel.browser()  # another address is not shut out


# Credentials


def test_without_credentials_nothing_is_asked(panel: Panel) -> None:
    stranger = panel.browser()
    assert stranger.read("/api/status")["setup"] == "new"
    for path, body in (
        ("/api/sync", {}),
        ("/api/credentials/test", None),
        ("/api/tables/estimate", {"preset": "patrimonio"}),
    ):
        answer = stranger.post(path, body)
        assert answer.status_code == 409
        assert "Faltam as credenciais" in answer.json()["detail"]
    assert panel.line.simulator.requests == []


def test_credentials_are_set_but_never_told(panel: Panel, browser: Browser) -> None:
    told = browser.read("/api/credentials")
    assert told["password"]["from"] == "panel"
    assert told["plan"] == {"set": False}
    answer = browser.post("/api/credentials/test")
    assert answer.json()["outcome"] == "ok", answer.text
    asked = len(panel.line.simulator.requests)
    assert browser.read("/api/status")["used"] == {"rest": asked, "bulk": 0}
    assert asked > 0
    for malformed in ([SECRET], f"{SECRET}\0", f"{SECRET}\n"):
        answer = browser.ask("PUT", "/api/credentials", json={"password": malformed})
        assert answer.status_code == 422
    browser.read("/api/status")
    browser.ask("GET", "/")
    rows = panel.line.query("select nome, valor, encode(valor, 'escape') from painel.segredo")
    assert {row["nome"] for row in rows} == {"subdomain", "username", "password"}
    assert_secret(panel, browser, str(rows))


def assert_secret(panel: Panel, browser: Browser, *others: str) -> None:
    logs = [panel.log, *(panel.line.project / ".meltano" / "painel").glob("*.log")]
    said = [*others, *browser.answers, *(log.read_text() for log in logs)]
    assert not [text for text in said if SECRET in text]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subdomain": "demo.exemplo.com.br"}, "só o nome que vem antes de .sienge.com.br"),
        ({"personal_data": "talvez"}, "keep, mask ou drop"),
    ],
    ids=["subdomain", "personal_data"],
)
def test_what_the_tap_would_refuse_is_not_saved(
    browser: Browser, changes: dict[str, str], expected: str
) -> None:
    before = browser.read("/api/credentials")
    answer = browser.ask("PUT", "/api/credentials", json=changes)
    assert answer.status_code == 409
    assert expected in answer.json()["detail"]
    assert browser.read("/api/credentials") == before


@pytest.mark.parametrize(
    ("changes", "permissions", "down", "expected"),
    [
        ({"password": "outra-senha-qualquer"}, {}, [], "password"),
        ({"subdomain": "outra"}, {}, [], "subdomain"),
        ({}, {"/v1": 403}, [], "permission"),
        ({}, {}, ["companies", "customers", "creditors", "enterprises"], "down"),
    ],
    ids=["password", "subdomain", "permission", "down"],
)
def test_a_failed_connection_says_which_of_four(
    panel: Panel,
    browser: Browser,
    changes: dict[str, str],
    permissions: dict[str, int],
    down: list[str],
    expected: str,
) -> None:
    admin = panel.line.simulator.admin
    given = credentials(panel.line, **changes)
    assert browser.ask("PUT", "/api/credentials", json=given).ok
    admin("/permissions", permissions)
    fault = {"kind": "status", "status": 503, "count": 99}
    admin("/faults", [fault | {"path": f"/v1/{name}"} for name in down])
    try:
        answer = browser.post("/api/credentials/test").json()
    finally:
        admin("/permissions", dict.fromkeys(permissions))
        admin("/faults", method="DELETE")
    assert answer["outcome"] == expected, answer
    assert len(answer["message"]) > 20


def test_a_command_gets_the_credentials_that_count(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    done = command(panel, "exec", "--", "env", TAP_SIENGE_USERNAME="do-ambiente")
    assert f"TAP_SIENGE_PASSWORD={SECRET}" in done.stdout
    assert "TAP_SIENGE_USERNAME=do-ambiente" in done.stdout
    assert "PANEL_" not in done.stdout


def test_the_key_is_changed_without_losing_anything(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    old, new = panel.env["PANEL_KEY"], Fernet.generate_key().decode()
    refused = command(panel, "exec", "--", "env", PANEL_KEY=new)
    assert "outra chave" in refused.stderr
    assert refused.returncode == 1
    assert command(panel, "troca-chave", PANEL_KEY=f"{new},{old}").returncode == 0
    assert SECRET in command(panel, "exec", "--", "env", PANEL_KEY=new).stdout
    assert command(panel, "exec", "--", "env").returncode == 1
    assert command(panel, "troca-chave", PANEL_KEY=f"{old},{new}").returncode == 0


def test_after_a_lost_key_what_is_given_anew_counts(panel: Panel, browser: Browser) -> None:
    new, given = Fernet.generate_key().decode(), credentials(panel.line)
    masked = {**given, "personal_data": "mask"}
    assert browser.ask("PUT", "/api/credentials", json=masked).status_code == 200
    own = {f"TAP_SIENGE_{field.upper()}": value for field, value in given.items()}
    refused = command(panel, "exec", "--", "env", PANEL_KEY=new, **own)
    end = "informe de novo «Dados pessoais» no painel, ou TAP_SIENGE_PERSONAL_DATA no .env."
    assert refused.stderr.strip().endswith(end)
    own["TAP_SIENGE_PERSONAL_DATA"] = "keep"
    assert f"={SECRET}" in command(panel, "exec", "--", "env", PANEL_KEY=new, **own).stdout
    with running_panel(panel.line, panel.log, PANEL_KEY=new) as other:
        anew = other.browser()
        assert "outra chave" in anew.read("/api/status")["problem"]
        told = anew.read("/api/credentials").values()
        assert "panel" not in [field.get("from") for field in told]
        assert anew.ask("PUT", "/api/credentials", json=given).status_code == 409
        keep = {**given, "personal_data": "keep"}
        assert anew.ask("PUT", "/api/credentials", json=keep).status_code == 200
        assert anew.post("/api/credentials/test").json()["outcome"] == "ok"
        assert anew.read("/api/status")["problem"] == ""
    assert f"={SECRET}" in command(panel, "exec", "--", "env", PANEL_KEY=new).stdout
    assert browser.ask("PUT", "/api/credentials", json=keep).status_code == 200


def test_why_the_scheduler_could_not_begin_is_told(
    panel: Panel, browser: Browser, tmp_path: Path
) -> None:
    last = tmp_path / "ultima.json"
    began = datetime.now().astimezone() + timedelta(minutes=1)
    noted = {"inicio": began.isoformat(), "fim": began.isoformat(), "falha": "Disco quase cheio."}
    last.write_text(json.dumps(noted))
    own = {"PANEL_KEY": panel.env["PANEL_KEY"], "PANEL_LAST": str(last)}
    with running_panel(panel.line, panel.log, **own) as other:
        reader = other.browser()
        assert reader.read("/api/status")["problem"] == "Disco quase cheio."
        last.write_text(json.dumps({**noted, "falha": ""}))
        assert reader.read("/api/status")["problem"] == ""
    assert browser.read("/api/status")["problem"] == ""


def test_many_processes_may_make_the_tables_at_once(panel: Panel, browser: Browser) -> None:
    with psycopg.connect(panel.line.database, autocommit=True) as owner:
        for _ in range(5):
            owner.execute("drop schema if exists painel cascade")
            vaults = [
                subprocess.Popen(
                    [sys.executable, "-c", MAKE], env=panel.env, stderr=subprocess.PIPE, text=True
                )
                for _ in range(6)
            ]
            assert [vault.communicate()[1] for vault in vaults] == [""] * 6
    known = credentials(panel.line)
    assert browser.ask("PUT", "/api/credentials", json=known).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("PANEL_PASSWORD", "curta", "PANEL_PASSWORD é fraca"), ("PANEL_KEY", "", "Falta PANEL_KEY")],
)
def test_what_the_panel_would_refuse_is_told_beforehand(
    panel: Panel, name: str, value: str, said: str
) -> None:
    assert command(panel, "confere").returncode == 0
    refused = command(panel, "confere", **{name: value})
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert said in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PANEL_PORT", "abc"), ("PANEL_PORT", "70000"), ("BI_PORT", "x")]
)
def test_a_malformed_variable_is_told_in_a_sentence(panel: Panel, name: str, value: str) -> None:
    refused = command(panel, "serve", **{name: value})
    assert refused.returncode == 1
    assert refused.stderr == f"{name}: esperado um número de 1 a 65535, mas veio {value}.\n"


OLD = """
create schema painel;
create table painel.segredo (
    nome text primary key, valor bytea not null, alterado timestamptz not null default now()
);
create table painel.ajuste (nome text primary key, valor jsonb not null);
create table painel.alerta (
    causa text, dia date, texto text not null, enviado timestamptz not null default now(),
    primary key (causa, dia)
);
create table painel.sessao_encerrada (sessao text primary key, expira timestamptz not null);
insert into painel.ajuste values ('hora', '5');
"""
"""What a panel made before its tables were counted (547123b)."""


def test_tables_of_an_older_panel_are_brought_up_to_date_by_many_at_once(
    panel: Panel, browser: Browser
) -> None:
    with psycopg.connect(panel.line.database, autocommit=True) as owner:
        owner.execute("drop schema if exists painel cascade")
        owner.execute(OLD)
        token = Fernet(panel.env["PANEL_KEY"]).encrypt(b"antiga")
        owner.execute("insert into painel.segredo (nome, valor) values ('password', %s)", [token])
        makers = [
            subprocess.Popen(
                [sys.executable, "-c", MAKE], env=panel.env, stderr=subprocess.PIPE, text=True
            )
            for _ in range(6)
        ]
        assert [maker.communicate()[1] for maker in makers] == [""] * 6
        applied = [n for (n,) in owner.execute("select numero from painel.versao order by 1")]
    assert applied == sorted(migrations.files())
    vault = Vault(Settings.read(panel.env))
    assert (vault.kept("hora"), vault.read()) == (5, {"password": "antiga"})
    assert vault.kept("horario") == {"times": ["05:00"]}
    vault.keep("hora", None)
    vault.keep("horario", None)
    known = credentials(panel.line)
    assert browser.ask("PUT", "/api/credentials", json=known).status_code == 200


def test_a_migration_that_fails_leaves_nothing_half_done(
    panel: Panel, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser.read("/api/status")
    (tmp_path / "good.sql").write_text("create table painel.metade (n integer)")
    (tmp_path / "bad.sql").write_text("create tabel painel.outra (n integer)")
    known = migrations.files()
    more = known | {998: tmp_path / "good.sql", 999: tmp_path / "bad.sql"}
    monkeypatch.setattr(migrations, "files", lambda: more)
    with pytest.raises(psycopg.errors.SyntaxError):
        Vault(Settings.read(panel.env))
    assert panel.line.query("select to_regclass('painel.metade') as it") == [{"it": None}]
    assert len(panel.line.query("select numero from painel.versao")) == len(known)


@pytest.mark.parametrize(
    ("status", "waited", "expected"),
    [(503, False, True), (500, False, False), (500, True, True), (0, True, False)],
)
def test_a_night_of_maintenance_is_told_from_other_failures(
    panel: Panel, status: int, waited: bool, expected: bool
) -> None:
    env = panel.line.environment
    fault = {"path": "/v1/companies", "kind": "status", "status": status, "count": 9}
    panel.line.simulator.admin("/faults", [fault] if status else [])
    try:
        assert maintenance.lasts(panel.line.project, env, waited=waited) == expected
    finally:
        panel.line.simulator.admin("/faults", method="DELETE")


# Tables


def selected(panel: Panel, **env: str) -> list[str]:
    """Give what a scheduled run is told to read."""
    said = command(panel, "exec", "--", "env", **env).stdout
    found = re.search(r"^TAP_SIENGE__SELECT=(.*)", said, re.MULTILINE)
    return json.loads(found[1]) if found else []


def test_the_chosen_tables_are_what_a_scheduled_run_reads(panel: Panel, browser: Browser) -> None:
    before = browser.read("/api/tables")
    assert before["from"] == "default"
    presets = {preset["name"]: preset["tables"] for preset in before["presets"]}
    assert {t["table"] for t in before["tables"] if t["chosen"]} == {*presets["padrao"]}
    assert selected(panel) == []
    chosen = {"presets": ["patrimonio"], "tables": ["cities"]}
    after = browser.ask("PUT", "/api/tables", json=chosen).json()
    assert (after["from"], after["chosen"]) == ("panel", chosen)
    own = ["patrimony_fixed.*", "patrimony_movable.*", "cities.*"]
    assert selected(panel) == [*own, "rejected_rows.*", "sync_log.*"]
    assert selected(panel, TAP_SIENGE__SELECT='["units.*"]') == ["units.*"]
    assert selected(panel, SYNC_PRESET="comercial") == []
    assert browser.ask("PUT", "/api/tables", json={"tables": ["nada"]}).status_code == 409
    assert browser.ask("PUT", "/api/tables", json={}).json() == before


def test_what_a_table_costs_a_day_is_asked_for(panel: Panel, browser: Browser) -> None:
    before = len(panel.line.simulator.requests)
    answer = browser.post("/api/tables/estimate", {"preset": "patrimonio"})
    told = {table["table"]: table for table in answer.json()["tables"]}
    assert 0 < len(panel.line.simulator.requests) - before <= 2
    costs = [(told[name]["cost"], told[name]["cost_from"]) for name in ("patrimony_fixed", "units")]
    assert costs == [(1, "estimate"), (None, None)]
    assert told["companies"]["title"] == "Empresas"


def test_permissions_are_told_of_every_table(panel: Panel, browser: Browser) -> None:
    panel.line.simulator.admin("/permissions", {"/v1/companies": 403})
    before = len(panel.line.simulator.requests)
    try:
        answer = browser.post("/api/credentials/permissions").json()
    finally:
        panel.line.simulator.admin("/permissions", {"/v1/companies": None})
    assert answer["outcome"] == "ok", answer
    cost = len(panel.line.simulator.requests) - before
    assert cost <= browser.read("/api/status")["permissions_cost"]
    assert "companies" in answer["refused"]
    assert len(answer["readable"]) > 50
    assert {"indexers", "customers"} <= {*answer["readable"]}


# Schedule


def test_a_scheduled_command_runs_in_its_hour_only(panel: Panel, browser: Browser) -> None:
    assert browser.read("/api/schedule")["hour"] == 2
    assert browser.read("/api/status")["next"] is None  # nothing has asked whether it is time
    hour = -1
    while hour != datetime.now(SAO_PAULO).hour:  # again if the hour ended meanwhile
        hour = datetime.now(SAO_PAULO).hour
        other, said = (hour + 5) % 24, []
        for when in (hour, other):
            assert browser.ask("PUT", "/api/schedule", json={"hour": when}).ok
            said.append(command(panel, "exec", "--na-hora", "--", "echo", "lendo").stdout)
    assert said == ["lendo\n", ""]
    assert browser.read("/api/status")["next"][11:] == f"{other:02}:00:00-03:00"
    fixed = command(panel, "exec", "--na-hora", "--", "echo", "lendo", SYNC_CRON="5 4 * * *")
    assert fixed.stdout == "lendo\n"
    assert browser.ask("PUT", "/api/schedule", json={"hour": 24}).status_code == 422


# Runs


def came_and_went(line: Line) -> None:
    """Let all rows but three have been there before, and two have vanished since."""
    line.query(
        "insert into sienge.sync_log (run_id, stream, started_at, status, extent, rows, requests)"
        " select 'antes', stream, started_at - interval '1 second', status, extent, 447, 0"
        " from sienge.sync_log where stream = 'enterprises' returning 1"
    )
    line.query(
        "update sienge.sync_log set extent = 'changes' where stream = 'companies' returning 1"
    )
    for table in ("companies", "enterprises"):
        line.query(
            f"update sienge.{table} set _sdc_inserted_at = _sdc_inserted_at - interval '1 hour'"
            f" where id not in (select id from sienge.{table} order by id limit 3)"
            " returning 1"
        )
    line.query(
        "update sienge.enterprises set _sdc_deleted_at = localtimestamp"
        " where id in (select id from sienge.enterprises order by id desc limit 2)"
        " returning 1"
    )


def test_sync_now_to_the_end(panel: Panel, browser: Browser) -> None:
    line = panel.line
    chosen = {"tables": ["companies", "enterprises"]}
    assert browser.ask("PUT", "/api/tables", json=chosen).ok
    old, recent = ((line.project / ".meltano" / "painel" / f"{n}.log") for n in ("velho", "novo"))
    for log, days in ((old, 91), (recent, 89)):
        log.touch()
        os.utime(log, (time() - days * 86400,) * 2)
    answer = browser.post("/api/sync", {})
    assert answer.status_code == 202, answer.text
    assert (old.exists(), recent.exists()) == (False, True)
    run = answer.json()["run"]
    again = browser.post("/api/sync", {})
    assert again.status_code == 409
    assert "em andamento" in again.json()["detail"]
    cmdlines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert any(run.encode() in cmdline for cmdline in cmdlines)
    assert not [cmdline for cmdline in cmdlines if SECRET.encode() in cmdline]
    said = events(browser, run)
    assert "Run completed" in said[-1]
    begun = {"table": "companies", "title": "Empresas"} | dict.fromkeys(STEPS)
    further = {"table": "enterprises", "title": "Empreendimentos", "step": "página"}
    assert begun in said
    assert further | {"number": 2, "of": 3, "rows": 200} in said
    came_and_went(line)
    status = browser.read("/api/status")
    assert (status["running"], status["setup"]) == ("", "ready")
    assert (status["last"]["id"], status["last"]["state"]) == (run, "success")
    assert not status["last"]["cancelled"]
    assert {table["table"]: table["total"] for table in status["tables"]} == {
        "companies": line.simulator.counts["companies"],
        "enterprises": 448,
    }
    assert all(table["good"].endswith("-03:00") for table in status["tables"])
    assert status["used"]["rest"] >= 2
    found = {table["table"]: (table["new"], table["deleted"]) for table in status["tables"]}
    # Companies were only asked for changes, among which no deletion is seen.
    assert found == {"enterprises": (3, 2), "companies": (3, None)}
    reads = browser.read("/api/tables/rows")["enterprises"]
    assert [read["rows"] for read in reads] == [447, 450]
    told = {table["table"]: table for table in browser.read("/api/tables")["tables"]}
    assert told["enterprises"]["cost_from"] == "first"
    assert told["enterprises"]["cost"] >= 1
    assert "Run completed" in browser.ask("GET", f"/api/runs/{run}/log").text
    assert_secret(panel, browser)


def test_a_run_is_cancelled(panel: Panel, browser: Browser) -> None:
    assert browser.ask("DELETE", "/api/sync").status_code == 409
    fault = {"path": "/v1/companies", "kind": "hang", "count": 9}
    panel.line.simulator.admin("/faults", fault)
    asked = len(panel.line.simulator.requests)
    run = browser.post("/api/sync", {"tables": ["companies"]}).json()["run"]
    try:
        query = f"select 1 from meltano.runs where run_id = '{run}'"
        while not panel.line.query(query):
            sleep(0.2)
        while len(panel.line.simulator.requests) == asked:
            sleep(0.2)
        sleep(2)  # the loader listens to signals as soon as it is up
        assert browser.read("/api/status")["running"] == run
        assert browser.ask("DELETE", "/api/sync").status_code == 202
        events(browser, run)
    finally:
        panel.line.simulator.admin("/faults", method="DELETE")
    last = browser.read("/api/runs")[0]
    assert (last["id"], last["state"], last["cancelled"]) == (run, "fail", True)
    (companies,) = (t for t in browser.read("/api/status")["tables"] if t["table"] == "companies")
    assert companies["error"] == "a sincronização foi interrompida"


SCHEDULER = """
import os, sys, pathlib, sienge
sienge.APP = pathlib.Path()
with open("trava", "w") as lock:
    sys.exit(sienge.run(os.environ, lock.fileno()))
"""


def test_a_run_of_the_scheduler_s_is_followed_and_cancelled(panel: Panel, browser: Browser) -> None:
    project, simulator = panel.line.project, panel.line.simulator
    env = panel.line.environment | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "docker"),
        "PANEL_LOGS": str(project / ".meltano" / "painel"),
        "MELTANO_ENVIRONMENT": "demo",
        **selecting(["companies"]),
    }
    simulator.admin("/faults", {"path": "/v1/companies", "kind": "hang", "count": 9})
    said = project / "agenda.log"
    try:
        with (
            said.open("w") as output,
            subprocess.Popen(
                [sys.executable, "-c", SCHEDULER], cwd=project, env=env, stderr=output
            ) as scheduler,
        ):
            while "Beginning sync" not in said.read_text():
                assert scheduler.poll() is None, said.read_text()
                sleep(0.2)
            run = browser.read("/api/status")["running"]
            assert browser.ask("DELETE", "/api/sync").status_code == 202
            assert any("Beginning sync" in str(line) for line in events(browser, run))
    finally:
        simulator.admin("/faults", method="DELETE")
    last = browser.read("/api/runs")[0]
    assert (last["id"], last["state"], last["cancelled"], last["log"]) == (run, "fail", True, True)


def test_the_reading_password_is_told_only_for_the_panel_s(panel: Panel) -> None:
    browser = panel.browser()
    told = browser.read("/api/bi")
    assert told["user"] == "leitura"
    pbids = browser.read("/api/bi/sienge.pbids")
    ours = json.loads((ROOT / "bi" / "sienge.pbids").read_bytes())
    ours["connections"][0]["details"]["address"]["server"] = f"{told['host']}:{told['port']}"
    assert pbids == ours
    assert browser.post("/api/bi/password", {"password": "errada"}).status_code == 403
    assert not [answer for answer in browser.answers if READER in answer]
    answer = browser.post("/api/bi/password", {"password": PASSWORD})
    assert answer.json() == {"password": READER}
    loader = panel.line.database.split(":")[2].split("@")[0]
    assert not [answer for answer in browser.answers if loader in answer]


def test_the_project_for_power_bi_comes_with_the_address_of_the_database(panel: Panel) -> None:
    browser = panel.browser()
    told = browser.read("/api/bi")
    answer = browser.ask("GET", "/api/bi/Sienge.zip")
    with ZipFile(io.BytesIO(answer.content)) as file:
        parameters = file.read(f"Sienge/{PARAMETERS}").decode()
        names = {name.removeprefix("Sienge/") for name in file.namelist()}
    assert f'expression Servidor = "{told["host"]}:{told["port"]}" meta' in parameters
    assert f'expression Banco = "{told["database"]}" meta' in parameters
    assert {"Sienge.pbip", "Sienge.Report/definition.pbir"} <= names
    assert READER.encode() not in answer.content


def test_no_table_is_a_command(browser: Browser) -> None:
    for name in ("--force", "a b", "../x", "companies.*"):
        assert browser.post("/api/sync", {"tables": [name]}).status_code == 422


def test_the_quota_is_a_reason_not_to_start(panel: Panel, browser: Browser) -> None:
    with running_panel(
        panel.line,
        panel.log,
        PANEL_KEY=panel.env["PANEL_KEY"],
        TAP_SIENGE_DAILY_REQUEST_LIMIT="1",
    ) as other:
        assert browser.read("/api/status")["used"]["rest"] >= 1
        answer = other.browser().post("/api/sync", {})
    assert answer.status_code == 409
    assert "cota" in answer.json()["detail"]


def test_what_is_left_to_others_is_no_quota_of_the_panel_s(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    own = {"TAP_SIENGE_PLAN": "free", "TAP_SIENGE_QUOTA_RESERVE": "99"}
    own |= {name: panel.env[name] for name in ("PANEL_KEY", "PANEL_METRICS_TOKEN")}
    with running_panel(panel.line, panel.log, **own) as other:
        reader = other.browser()
        assert reader.read("/api/status")["quota"] == {"rest": 1, "bulk": 10}
        assert "de 1 requisições" in reader.post("/api/sync", {}).json()["detail"]
        bearer = {"Authorization": f"Bearer {METRICS}"}
        text = reader.ask("GET", "/metrics", headers=bearer).text
    assert 'sienge_requests_quota{kind="rest"} 1.0' in text


@pytest.mark.parametrize("plan", ["", *PLANS])
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"quota_reserve": 30},
        {"daily_request_limit": 70},
        {"daily_request_limit": 70, "quota_reserve": 30},
        {"daily_bulk_limit": 0},
    ],
    ids=str,
)
def test_the_panel_reckons_a_day_as_the_tap_does(plan: str, chosen: dict[str, int]) -> None:
    config = {"quota_reserve": 0, **chosen} | ({"plan": plan} if plan else {})
    env = {f"TAP_SIENGE_{name.upper()}": str(value) for name, value in chosen.items()}
    assert limits({"TAP_SIENGE_PLAN": plan, **env}) == quotas(config)


def test_what_sienge_says_is_text(panel: Panel, browser: Browser) -> None:
    table = "x'; drop table painel.segredo; --"
    error = "cliente <script>alert(1)</script>'; drop table painel.segredo; --"
    with psycopg.connect(panel.line.database) as connection:
        connection.execute(
            "insert into sienge.sync_log (run_id, stream, started_at, status, extent, rows, error)"
            " values ('mau', %s, localtimestamp, 'ok', 'full', 1, %s)",
            [table, error],
        )
    answer = browser.ask("GET", "/api/status")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (found,) = [row for row in answer.json()["tables"] if row["table"] == table]
    assert found["error"] == error
    assert found["title"] == table
    assert panel.line.query("select 1 from painel.segredo")
    (log,) = [run["id"] for run in browser.read("/api/runs") if run["log"]][:1]
    said = browser.ask("GET", f"/api/runs/{log}/log")
    assert said.headers["Content-Type"].startswith("text/plain")


def test_metrics_are_for_who_has_the_token(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    told = panel.browser(login=False).ask("GET", "/metrics")
    assert told.status_code == 401
    bearer = {"Authorization": f"Bearer {METRICS}"}
    text = panel.browser(login=False).ask("GET", "/metrics", headers=bearer).text
    families = {found.name: found.samples for found in text_string_to_metric_families(text)}
    rows = {sample.labels["table"]: sample.value for sample in families["sienge_table_rows"]}
    assert rows["enterprises"] == 448
    assert families["sienge_running"][0].value == 0
    assert families["sienge_last_run_state"][0].value == 1
    used = {sample.labels["kind"]: sample.value for sample in families["sienge_requests_today"]}
    assert used["rest"] == browser.read("/api/status")["used"]["rest"]
    assert "sienge_table_last_success_timestamp_seconds" in families


def test_without_credentials_a_command_is_not_run(panel: Panel) -> None:
    panel.line.query("delete from painel.segredo returning 1")
    done = command(panel, "exec", "--", "false")
    assert done.returncode == 0
    assert "Aviso" in done.stderr
    assert panel.browser().read("/api/status")["setup"] == "external"  # the data are still there


# Any request at all


def fuzz(operation: APIOperation[Any, Any, Any, Any], browser: Browser, examples: int) -> None:
    """Send requests as the interface describes them, and such as it does not."""
    modes = [GenerationMode("positive"), GenerationMode("negative")]
    for mode in modes if operation.body else modes[:1]:

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            answer = case.call(base_url=browser.url, session=browser)
            assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.text}"

        ask()


def test_no_request_makes_it_fail(panel: Panel) -> None:
    """Without credentials, so that Sienge is not asked and no run starts."""
    panel.line.query("delete from painel.segredo returning 1")
    browser = panel.browser()
    schema = schemathesis.openapi.from_dict(document())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    operations = {operation.label: operation for operation in found}
    slow = {"PUT /api/credentials": 3, "POST /api/login": 3, "POST /api/logout": 1}
    for label in [*sorted(operations.keys() - slow.keys()), *slow]:
        fuzz(operations[label], browser, slow.get(label, 6))
