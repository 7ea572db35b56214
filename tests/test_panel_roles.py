"""The owner and the reader of the panel, and the log of who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from sienge_panel.interface import document
from sienge_panel.login import Login
from sienge_panel.problem import ProblemError
from sienge_panel.settings import OWNER, READER, Settings
from sienge_panel.vault import Vault

from testing.pipeline import running_line
from tests.panel import PASSWORD, READING, Browser, Panel, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "senha-de-api-secreta"
RUN = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("papeis")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        own = {"LEITURA_PASSWORD": "so-de-leitura"}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


@pytest.fixture(scope="module")
def owner(panel: Panel) -> Browser:
    return panel.browser()


@pytest.fixture(scope="module")
def reader(panel: Panel) -> Browser:
    return panel.browser(password=READING)


def log(owner: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = owner.read("/api/changes")
    return found


def test_a_reader_changes_nothing_by_any_route(
    panel: Panel, owner: Browser, reader: Browser
) -> None:
    before = panel.line.query("select count(*) from painel.mudanca")
    asked = 0
    for path, methods in document()["paths"].items():
        for method in {name.upper() for name in methods} - {"GET"}:
            if path in {"/api/login", "/api/logout"}:
                continue
            answer = reader.ask(method, path.replace("{run}", RUN), json={"password": PASSWORD})
            assert answer.status_code == 403, (method, path)
            assert "entrou como leitor e só pode olhar" in answer.json()["detail"]
            asked += 1
    assert asked > 10
    assert panel.line.query("select count(*) from painel.mudanca") == before
    assert owner.read("/api/session") == {"role": OWNER}


def test_a_reader_sees_everything_but_the_credentials(reader: Browser) -> None:
    for path in (
        "/status",
        "/runs",
        "/tables",
        "/schedule",
        "/alerts",
        "/trust",
        "/bi",
        "/session",
    ):
        reader.read(f"/api{path}")
    for path in ("/credentials", "/credentials/plans", "/changes"):
        assert reader.ask("GET", f"/api{path}").status_code == 403
    assert reader.read("/api/session") == {"role": READER}


def test_a_reader_may_leave(panel: Panel) -> None:
    visitor = panel.browser(password=READING)
    assert visitor.post("/api/logout").status_code == 204
    assert visitor.ask("GET", "/api/session").status_code == 401


def test_no_reader_becomes_the_owner_by_changing_the_cookie(panel: Panel) -> None:
    visitor = panel.browser(password=READING)
    cookie = visitor.cookies["painel"]
    assert cookie.startswith(f"{READER}.")
    visitor.cookies.clear()
    visitor.cookies.set("painel", cookie.replace(READER, OWNER))
    assert visitor.ask("GET", "/api/session").status_code == 401


def test_without_a_reader_s_password_there_is_no_reader(panel: Panel) -> None:
    own = {"PANEL_READER_PASSWORD": "", "PANEL_KEY": panel.env["PANEL_KEY"]}
    visitor = panel.browser(password=READING)
    with running_panel(panel.line, panel.log, **own) as other:
        stranger = other.browser(login=False)
        stranger.cookies.set("painel", visitor.cookies["painel"])
        assert stranger.ask("GET", "/api/session").status_code == 401
        for password in (READING, ""):
            assert stranger.post("/api/login", {"password": password}).status_code == 401


def test_the_two_passwords_are_not_the_same(panel: Panel) -> None:
    found = Settings.read(panel.env)
    hashed = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    for own, reader in ((PASSWORD, PASSWORD), (hashed, PASSWORD), (PASSWORD, hashed)):
        with pytest.raises(ProblemError, match="PANEL_READER_PASSWORD deve ser outra"):
            Login({OWNER: own, READER: reader}, found.keys[0], Vault(found))
    login = Login({OWNER: hashed, READER: READING}, found.keys[0], Vault(found))
    assert [login.verify(given, "") for given in (PASSWORD, READING)] == [OWNER, READER]


def test_a_change_is_logged_with_what_was_and_is(owner: Browser) -> None:
    assert owner.ask("PUT", "/api/alerts", json={"hours": 30}).ok
    assert owner.ask("PUT", "/api/alerts", json={"hours": 40}).ok
    line = log(owner)[0]
    assert (line["role"], line["address"]) == (OWNER, "127.0.0.1")
    assert line["action"] == "PUT /alerts"
    value = {"name": "alerta_horas", "secret": False, "before": 30, "after": 40}
    assert line["values"] == [value]
    assert owner.ask("PUT", "/api/alerts", json={"hours": 0}).status_code == 422
    assert log(owner)[0] == line  # what was refused changed nothing


def test_secrets_are_not_in_the_log(panel: Panel, owner: Browser) -> None:
    given = {"subdomain": "construtora", "username": "usuario-secreto", "password": SECRET}
    assert owner.ask("PUT", "/api/credentials", json={**given, "plan": "start"}).ok
    values = {value["name"]: value for value in log(owner)[0]["values"]}
    assert values["plan"]["after"] == "start"
    assert values["password"] == {
        "name": "password", "secret": True, "before": None, "after": None
    }  # fmt: skip
    stored = str(panel.line.query("select * from painel.mudanca"))
    assert "construtora" in stored
    assert SECRET not in stored
    assert "usuario-secreto" not in stored
    assert PASSWORD not in stored


def test_wrong_passwords_and_entries_are_logged(panel: Panel, owner: Browser) -> None:
    stranger = panel.browser(login=False)
    assert stranger.post("/api/login", {"password": "palpite-errado"}).status_code == 401
    panel.browser(password=READING)
    entered, wrong = log(owner)[:2]
    assert (entered["action"], entered["role"]) == ("POST /login", READER)
    assert (wrong["action"], wrong["role"]) == ("senha errada", "")
    assert "palpite" not in str(panel.line.query("select * from painel.mudanca"))


def test_the_log_is_kept_for_a_year_and_stays_small(panel: Panel, owner: Browser) -> None:
    insert = "insert into painel.mudanca (quando, papel, endereco, acao) select"
    panel.line.query(f"{insert} now() - interval '366 days', '', '', 'velha' returning 1")
    panel.line.query(
        f"{insert} now(), '', '', 'senha errada' from generate_series(1, 3000) returning 1"
    )
    stranger = panel.browser(login=False)
    assert stranger.post("/api/login", {"password": "errada"}).status_code == 401
    count = "select count(*) filter (where acao = 'velha') as old, count(*) as all"
    count += " , count(*) filter (where acao = 'senha errada') as wrong from painel.mudanca"
    ((found),) = panel.line.query(count.replace("as all", "as everything"))
    assert (found["old"], found["wrong"]) == (0, 2000)
    assert found["everything"] > 2000
    page = log(owner)
    further = owner.read(f"/api/changes?before={page[-1]['id']}")
    assert len(page) == len(further) == 50
    assert page[-1]["id"] > further[0]["id"]
