"""Meltano and the panel with a company's certificates, and with passwords of every character."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from cryptography.fernet import Fernet
from tap_sienge.privacy import Privacy

from testing.pipeline import ROOT, Line, running_line
from testing.pipeline import meltano as warm
from testing.simulator import Simulator, assert_discreet, running_simulator
from tests.network import HERE, Authority, Relay, running
from tests.panel import running_panel, running_receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = Fernet.generate_key().decode()
BUNDLE = "REQUESTS_CA_BUNDLE"
UNSET = dict.fromkeys((BUNDLE, "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"), "")
"""What the machine itself may say of certificates."""
UNKNOWN = "indique em ca_bundle (ou REQUESTS_CA_BUNDLE) o arquivo PEM com os certificados dela."
TEXTS = (
    "a${b}c-e-mais-um-tanto",
    "${HOME}/${x:-y}\\${z}-$HOME-$$",
    " 'as\"pas' \\n #comentário %40 `x` ção ",
    "0071234567890123",
)
"""What a person may have for a password, for a user's name and for a key."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running_line(tmp_path_factory.mktemp("linha"), "--rows", "customers=5") as started:
        (started.project / "transform").unlink()
        yield started


@pytest.fixture
def plain(line: Line) -> Line:
    """Give the line in a project in which nothing was set."""
    (line.project / ".env").unlink(missing_ok=True)
    (line.project / "meltano.yml").write_bytes((ROOT / "meltano.yml").read_bytes())
    with psycopg.connect(line.database) as connection:
        connection.execute("drop schema if exists sienge cascade")
        connection.execute("drop schema if exists painel cascade")
    return line


def environment(line: Line) -> dict[str, str]:
    """Give the variables of a run that say nothing of Sienge but what to read."""
    said = {f"TAP_SIENGE_{name}" for name in ("API_URL", "SUBDOMAIN", "USERNAME", "PASSWORD")}
    known = {name: value for name, value in line.environment.items() if name not in said} | UNSET
    chosen = ["companies.*", "customers.*", "sync_log.*"]
    return known | {"TAP_SIENGE__SELECT": json.dumps(chosen), "TAP_SIENGE_MAX_RETRIES": "0"}


def meltano(line: Line, *command: str, **said: str) -> tuple[int, str]:
    """Call it; give its exit code and what it said."""
    env = environment(line) | said
    return warm().run("meltano.cli:main", ["--environment=demo", *command], env, line.project)


def configure(line: Line, settings: dict[str, str]) -> None:
    """Set them as a person does."""
    for name, value in settings.items():
        code, told = meltano(line, "config", "set", "tap-sienge", name, "--", value)
        assert code == 0, told


def run(line: Line, **settings: str) -> tuple[int, str]:
    """Read with what was set, and what the environment says beside it."""
    said = {f"TAP_SIENGE_{name.upper()}": value for name, value in settings.items()}
    return meltano(line, "run", "tap-sienge", "target-postgres", **said)


@pytest.fixture(params=TEXTS)
def text(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def sienge(text: str) -> Iterator[Simulator]:
    """Give a Sienge whose user and password are this text."""
    own = (f"--username={text}", f"--password={text}", "--rows", "customers=5")
    with running_simulator(*own) as started:
        yield started


def test_config_set_keeps_user_password_and_key_as_they_are(
    plain: Line, sienge: Simulator, text: str
) -> None:
    configure(plain, {"username": text, "password": text, "personal_data_key": text})
    known = {name: sienge.config[name] for name in ("subdomain", "api_url")}
    code, told = run(plain, **known, personal_data="mask")
    assert code == 0, told
    assert_discreet(told, {"TAP_SIENGE_PASSWORD": text})
    privacy = Privacy({"personal_data": "mask", "personal_data_key": text})
    names = {privacy.mask(customer["name"]) for customer in sienge.truth("customers")}
    assert {row["name"] for row in plain.landed("customers")} == names


def test_the_panel_keeps_user_and_password_as_they_are(
    plain: Line, sienge: Simulator, text: str, tmp_path: Path
) -> None:
    given = {"subdomain": sienge.config["subdomain"], "username": text, "password": text}
    own = {"TAP_SIENGE_API_URL": sienge.config["api_url"]}
    with running_panel(plain, tmp_path / "painel.log", **own) as panel:
        browser = panel.browser()
        assert browser.ask("PUT", "/api/credentials", json=given).ok
        answer = browser.post("/api/credentials/test").json()
        assert answer["outcome"] == "ok", answer
        browser.sync("companies")
        assert browser.read("/api/runs")[0]["state"] == "success"
    assert len(plain.landed("companies")) == sienge.counts["companies"]


@pytest.fixture
def company(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "empresa")


@pytest.fixture
def address(line: Line, company: Authority) -> Iterator[str]:
    """Give where the simulator is behind the company's certificate."""
    root = line.simulator.root
    with running(Relay(root.removeprefix("http://"), company.server())) as relay:
        yield line.simulator.config["api_url"].replace(root, f"https://{HERE}:{relay.port}")


def test_config_set_of_the_certificates_is_enough_for_a_run(
    plain: Line, company: Authority, address: str
) -> None:
    known = {name: plain.simulator.config[name] for name in ("subdomain", "username", "password")}
    known["api_url"] = address
    code, told = run(plain, **known)
    assert code == 1
    assert UNKNOWN in told
    configure(plain, {"ca_bundle": str(company.path)})
    code, told = run(plain, **known)
    assert code == 0, told
    assert len(plain.landed("companies")) == plain.simulator.counts["companies"]


def test_the_panel_s_test_of_the_connection_trusts_the_same_certificates(
    plain: Line, company: Authority, address: str, tmp_path: Path
) -> None:
    config = plain.simulator.config
    given = {name: config[name] for name in ("subdomain", "username", "password")}
    for own, outcome, said in (
        ({}, "down", UNKNOWN),
        ({BUNDLE: str(company.path)}, "ok", "Conexão feita"),
        ({"TAP_SIENGE_CA_BUNDLE": str(company.path)}, "ok", "Conexão feita"),
    ):
        known = {"TAP_SIENGE_API_URL": address, "PANEL_KEY": KEY} | UNSET | own
        with running_panel(plain, tmp_path / "painel.log", **known) as panel:
            browser = panel.browser()
            assert browser.ask("PUT", "/api/credentials", json=given).ok
            answer = browser.post("/api/credentials/test").json()
            assert answer["outcome"] == outcome
            assert said in answer["message"]


@pytest.mark.parametrize("way", ["TAP_SIENGE_CA_BUNDLE", "SSL_CERT_FILE", BUNDLE])
def test_alerts_trust_the_same_certificates(
    plain: Line, company: Authority, tmp_path: Path, way: str
) -> None:
    with (
        running_receiver() as receiver,
        running(Relay(f"{HERE}:{receiver.server_port}", company.server())) as relay,
        running_panel(plain, tmp_path / "painel.log", **UNSET | {way: str(company.path)}) as panel,
    ):
        browser = panel.browser()
        url = f"jsons://{HERE}:{relay.port}/canal?retry=0"
        wanted = {"kind": "other", "fields": {"url": url}}
        assert browser.post("/api/alerts/targets", wanted).ok
        assert browser.post("/api/alerts/test").json()["outcome"] == "ok"
        assert receiver.told == ["Este é um teste: os alertas do painel chegam aqui."]
        identity = browser.read("/api/alerts")["targets"][0]["id"]
        assert browser.ask("DELETE", f"/api/alerts/targets/{identity}").ok
