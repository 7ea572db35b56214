"""What the panel says of a run that did not go well, and of tables that may not be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sienge_simulator import testing

from testing.pipeline import FEWER, running_line
from tests.panel import Browser, Panel, panel_env, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, SECRET = testing.USER
TABLES = ("companies", "enterprises", "cost_centers")
PATHS = ("/v1/companies", "/v1/enterprises", "/v1/cost-centers")


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("porque")
    with running_line(folder, *FEWER) as line:
        (line.project / "transform").unlink()
        own = {"TAP_SIENGE_MAX_RETRIES": "0", "TAP_SIENGE_START_DATE": ""}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


@pytest.fixture(scope="module")
def browser(panel: Panel) -> Browser:
    """Someone who has told the credentials and chosen a few tables."""
    found = panel.browser()
    assert found.ask("PUT", "/api/credentials", json=credentials(panel)).ok
    assert found.ask("PUT", "/api/tables", json={"tables": TABLES}).ok
    return found


def credentials(panel: Panel, **changes: str) -> dict[str, str]:
    known = {"subdomain": panel.line.simulator.config["subdomain"]}
    return known | {"username": USER, "password": SECRET} | changes


def sync(browser: Browser, *tables: str) -> dict[str, Any]:
    """Run to the end; give what is known of the run."""
    found: dict[str, Any] = browser.read(f"/api/runs/{browser.sync(*tables)}")
    return found


def read_before(browser: Browser) -> None:
    """Make sure that something was read, also where a test is run alone."""
    if not browser.read("/api/runs"):
        sync(browser, "companies")


def why(browser: Browser, *tables: str) -> tuple[str, str]:
    """Run to the end; give the code of the cause, and where a person is sent."""
    cause = sync(browser, *tables)["run"]["cause"]
    assert browser.read("/api/status")["last"]["cause"] == cause
    assert browser.read("/api/runs")[0]["cause"] == cause
    assert cause["sentence"]
    assert "TAP_SIENGE" not in cause["sentence"]
    return cause["code"], cause["action"]


def test_a_wrong_password_is_told_from_other_failures(panel: Panel, browser: Browser) -> None:
    assert browser.ask("PUT", "/api/credentials", json={"password": "errada"}).ok
    assert why(browser) == ("password", "credentials")
    assert "Nunca expira" in browser.read("/api/status")["last"]["cause"]["sentence"]
    tested = browser.post("/api/credentials/test").json()
    assert tested["outcome"] == "password"
    assert "Nunca expira" in tested["message"]
    assert browser.ask("PUT", "/api/credentials", json=credentials(panel)).ok


def test_a_good_run_has_no_cause_and_tells_each_table(browser: Browser, panel: Panel) -> None:
    found = sync(browser)
    assert (found["run"]["cause"], found["run"]["started_by"]) == (None, "panel")
    assert {row["table"]: row["rows"] for row in found["tables"]} == {
        name: panel.line.simulator.counts[name] for name in TABLES
    }
    assert all(row["seconds"] is not None and row["requests"] >= 1 for row in found["tables"])
    assert found["run"]["requests"] == sum(row["requests"] for row in found["tables"])
    assert {line["level"] for line in found["lines"]} == {"info"}


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"status": 503}, "maintenance"), ({"kind": "reset"}, "network")],
    ids=str,
)
def test_a_sienge_that_answers_nothing_is_told(
    panel: Panel, browser: Browser, fault: dict[str, Any], code: str
) -> None:
    whole = {"path": "/v1/", "kind": "status", "count": 99, **fault}
    panel.line.simulator.admin("/faults", whole)
    try:
        assert why(browser)[0] == code
    finally:
        panel.line.simulator.admin("/faults", method="DELETE")


def test_one_table_that_fails_is_named_and_read_again_alone(panel: Panel, browser: Browser) -> None:
    fault = {"path": PATHS[0], "kind": "status", "status": 500, "count": 99}
    panel.line.simulator.admin("/faults", fault)
    try:
        assert why(browser) == ("tables", "tables")
    finally:
        panel.line.simulator.admin("/faults", method="DELETE")
    cause = browser.read("/api/status")["last"]["cause"]
    assert cause["tables"] == ["companies"]
    assert cause["sentence"].startswith("Empresas não pôde ser lida: resposta 500")
    lines = browser.read(f"/api/runs/{browser.read('/api/runs')[0]['id']}")["lines"]
    first = next(line for line in lines if line["level"] == "error")
    assert "[error    ] tap-sienge   Recurso falhou: resposta 500" in first["text"]


def test_a_newer_cause_wins_over_an_older_table(panel: Panel, browser: Browser) -> None:
    """The table of the test before still failed, but the newest run failed otherwise."""
    assert browser.ask("PUT", "/api/credentials", json={"password": "outra"}).ok
    assert why(browser)[0] == "password"
    assert browser.ask("PUT", "/api/credentials", json=credentials(panel)).ok


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "disk"),
        ("42P01", "missing"),
        ("57P01", "database"),
    ],
)
def test_a_database_that_refuses_is_told(
    panel: Panel, browser: Browser, state: str, code: str
) -> None:
    said = {
        "53100": "could not extend file: No space left on device",
        "42P01": 'relation "sienge.companies" does not exist',
        "57P01": "terminating connection due to administrator command",
    }[state]
    read_before(browser)
    refuse = (
        "create or replace function sienge.recusa() returns trigger language plpgsql as"
        f" $$ begin raise exception '{said}' using errcode = '{state}'; end $$;"
        "create or replace trigger recusa before insert or update or delete on sienge.companies"
        " for each row execute function sienge.recusa()"
    )
    with psycopg.connect(panel.line.database) as owner:
        owner.execute(refuse)
    try:
        assert why(browser, "companies")[0] == code
    finally:
        with psycopg.connect(panel.line.database) as owner:
            owner.execute("drop trigger recusa on sienge.companies")


def test_a_setting_that_is_refused_is_called_by_its_label(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    env = {"PANEL_KEY": panel.env["PANEL_KEY"], "TAP_SIENGE_PLAN": "nenhum"}
    with running_panel(panel.line, panel.log, **env) as other:
        visitor = other.browser()
        assert why(visitor, "companies") == ("settings", "credentials")
        assert "«Plano do Sienge»" in visitor.read("/api/status")["last"]["cause"]["sentence"]
        tested = visitor.post("/api/credentials/test").json()
    assert (tested["outcome"], "«Plano do Sienge»" in tested["message"]) == ("settings", True)


def test_a_quota_is_told_in_our_words(panel: Panel, browser: Browser) -> None:
    read_before(browser)
    env = {"PANEL_KEY": panel.env["PANEL_KEY"], "TAP_SIENGE_DAILY_REQUEST_LIMIT": "1"}
    with running_panel(panel.line, panel.log, **env) as other:
        tested = other.browser().post("/api/credentials/test").json()
    assert tested["outcome"] == "quota"
    assert "A cota de requisições do dia acabou" in tested["message"]


def test_forbidden_tables_are_grouped_and_asked_again(panel: Panel, browser: Browser) -> None:
    admin = panel.line.simulator.admin
    admin("/permissions", {"/v1/companies": 403, "/v1/cost-centers": 403})
    try:
        assert why(browser) == ("forbidden", "permissions")
        found = browser.read("/api/credentials/permissions")
        assert (found["total"], found["readable"]) == (3, 1)
        assert [(r["name"], r["tables"][0]["path"]) for r in found["resources"]] == [
            ("companies", "/v1/companies"),
            ("cost-centers", "/v1/cost-centers"),
        ]
        admin("/permissions", {"/v1/cost-centers": None})
        before = len(panel.line.simulator.requests)
        answer = browser.post("/api/credentials/permissions/again").json()
        assert len(panel.line.simulator.requests) - before == 2
        assert (answer["readable"], answer["refused"]) == (["cost_centers"], ["companies"])
        found = browser.read("/api/credentials/permissions")  # also after a reload
        assert [r["name"] for r in found["resources"]] == ["companies"]
        assert found["checked"]
        tested = browser.post("/api/credentials/test").json()
        assert tested["outcome"] == "ok"
        assert "Sem permissão: Empresas." in tested["message"]
    finally:
        admin("/permissions", {"/v1/companies": None, "/v1/cost-centers": None})


NEVER_READ = {
    "patrimony_fixed": "/v1/patrimony/fixed",
    "patrimony_movable": "/v1/patrimony/movable",
}


@pytest.mark.parametrize(
    "tables", [dict(zip(TABLES, PATHS, strict=True)), NEVER_READ], ids=["read before", "never read"]
)
def test_where_all_are_refused_all_are_listed(
    panel: Panel, browser: Browser, tables: dict[str, str]
) -> None:
    """Such a run ends before it can tell of any table."""
    admin = panel.line.simulator.admin
    admin("/permissions", dict.fromkeys(tables.values(), 403))
    assert browser.ask("PUT", "/api/tables", json={"tables": [*tables]}).ok
    try:
        assert why(browser) == ("permission", "permissions")
        assert refused(browser) == {*tables}
        status = {it["table"]: it for it in browser.read("/api/status")["tables"]}
        assert {status[name]["status"] for name in tables} == {"skipped"}
        first, *others = tables
        admin("/permissions", {tables[first]: None})
        answer = browser.post("/api/credentials/permissions/again").json()
        assert (answer["readable"], {*answer["refused"]}) == ([first], {*others})
        assert refused(browser) == {*others}
        status = {it["table"]: it for it in browser.read("/api/status")["tables"]}
        assert {name for name in tables if status[name]["allowed"]} == {first}
    finally:
        admin("/permissions", dict.fromkeys(tables.values()))
        assert browser.ask("PUT", "/api/tables", json={"tables": TABLES}).ok
    sync(browser, *tables)
    assert refused(browser) == set()


def test_a_test_before_the_first_read_lists_the_chosen_tables(
    panel: Panel, browser: Browser
) -> None:
    admin = panel.line.simulator.admin
    admin("/permissions", {"/v1/cities": 403, "/v1/creditors": 403})
    assert browser.ask("PUT", "/api/tables", json={"tables": ["cities", "companies"]}).ok
    try:
        assert browser.post("/api/credentials/permissions").ok
        assert refused(browser) == {"cities"}
    finally:
        admin("/permissions", {"/v1/cities": None, "/v1/creditors": None})
        assert browser.ask("PUT", "/api/tables", json={"tables": TABLES}).ok


def refused(browser: Browser) -> set[str]:
    found = browser.read("/api/credentials/permissions")
    return {table["table"] for resource in found["resources"] for table in resource["tables"]}


def test_what_was_never_read_has_no_number(panel: Panel, browser: Browser) -> None:
    panel.line.simulator.admin("/permissions", {"/v1/cities": 403})
    try:
        sync(browser, "cities", "companies")
    finally:
        panel.line.simulator.admin("/permissions", {"/v1/cities": None})
    (cities,) = (t for t in browser.read("/api/status")["tables"] if t["table"] == "cities")
    numbers = [cities[name] for name in ("total", "rows", "new", "deleted", "good")]
    assert (cities["status"], numbers) == ("skipped", [None] * 5)


# Credentials


@pytest.mark.parametrize(
    "pasted",
    [
        "https://construtora-demo.sienge.com.br/sienge/8/index.html",
        "construtora-demo.sienge.com.br",
        "https://api.sienge.com.br/construtora-demo/public/api",
        " construtora-demo ",
    ],
)
def test_a_pasted_address_gives_its_subdomain(browser: Browser, pasted: str) -> None:
    assert browser.ask("PUT", "/api/credentials", json={"subdomain": pasted}).ok
    assert browser.read("/api/credentials")["subdomain"]["value"] == "construtora-demo"


def test_what_was_saved_is_shown_but_for_secrets_and_taken_away(browser: Browser) -> None:
    given = {"start_date": "31/01/2020", "plan": "start"}
    assert browser.ask("PUT", "/api/credentials", json=given).ok
    told = browser.read("/api/credentials")
    values = {name: told[name].get("value") for name in ("start_date", "plan", "username")}
    assert values == {"start_date": "2020-01-31", "plan": "start", "username": USER}
    assert "value" not in told["password"]
    assert SECRET not in json.dumps(told)
    for typed in ("31/02/2020", "ontem"):
        answer = browser.ask("PUT", "/api/credentials", json={"start_date": typed})
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("«Data inicial»: esperada uma data como")
    for name in given:
        assert browser.ask("PUT", "/api/credentials", json={name: ""}).ok
    told = browser.read("/api/credentials")
    assert [told[name]["set"] for name in given] == [False, False]


# The first visit


def test_the_first_visit_goes_on_where_it_stopped(panel: Panel, browser: Browser) -> None:
    with running_panel(panel.line, panel.log, PANEL_KEY=panel_env(panel.line)["PANEL_KEY"]) as new:
        visitor = new.browser()
        panel.line.query("delete from painel.ajuste where nome = 'primeira_visita' returning 1")
        assert browser.read("/api/status")["first"] is None  # all was there before
        # Data, but no credentials, as after `make demo`: this panel cannot read the other's.
        status = visitor.read("/api/status")
        assert (status["setup"], status["first"]) == ("external", 0)
        assert visitor.ask("PUT", "/api/first", json={"step": 3}).ok
        assert visitor.read("/api/status")["first"] == 3
        assert visitor.ask("PUT", "/api/first", json={"step": None}).ok
        assert visitor.read("/api/status")["first"] is None
        assert visitor.ask("PUT", "/api/first", json={"step": 9}).status_code == 422
