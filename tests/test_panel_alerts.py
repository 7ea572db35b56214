"""The panel's word to people who do not look at it, and its numbers for monitoring."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from time import sleep
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sienge_panel.settings import DOCS
from tap_sienge.values import SAO_PAULO

from testing.pipeline import ROOT, running_line
from tests.panel import TOKEN, Browser, Panel, Receiver, running_panel, running_receiver
from tests.test_panel_runs import forget_rounds, round_ended

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = """
create table if not exists sienge.sync_log (
    run_id text, stream text, started_at timestamp, finished_at timestamp, status text,
    extent text, rows bigint, rejected bigint, requests bigint, warnings jsonb, error text
)
"""


MODELS = {
    "dbt_project.yml": "{name: pequeno, profile: sienge}",
    "profiles.yml": (ROOT / "transform" / "profiles.yml").read_text("utf-8"),
    "models/bom.sql": "select 1 as numero",
    "models/ruim.sql": "select nada as numero",
}
"""Few, and one that cannot be built."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("alertas")
    with running_line(folder) as line:
        transform = line.project / "transform"
        transform.unlink()
        (transform / "models").mkdir(parents=True)
        for name, text in MODELS.items():
            (transform / name).write_text(text)
        with running_panel(line, folder / "painel.log") as started:
            yield started


@pytest.fixture(scope="module")
def browser(panel: Panel, receiver: Receiver) -> Browser:
    """Someone who wants to be told."""
    found = panel.browser()
    answer = found.post("/api/alerts/targets", other(receiver.address))
    assert answer.status_code == 201, answer.text
    return found


def other(url: str) -> dict[str, Any]:
    """Give what the form for any address of Apprise's sends."""
    return {"kind": "other", "fields": {"url": url}}


def look(browser: Browser) -> None:
    """Let the panel look whether something is to be told, as it does every few minutes."""
    assert browser.ask("PUT", "/api/alerts", json={"hours": 20}).ok


def test_a_failed_run_is_told_once_and_so_are_failed_models(
    panel: Panel, browser: Browser, receiver: Receiver
) -> None:
    wrong = {"subdomain": "construtora-demo", "username": "alguem", "password": "outra"}
    assert browser.ask("PUT", "/api/credentials", json=wrong).ok
    run = browser.post("/api/sync", {"tables": ["companies"]}).json()["run"]
    assert "Fazendo os modelos" in browser.ask("GET", f"/api/runs/{run}/events").text
    for _ in range(600):
        if len(receiver.told) == 2:
            break
        sleep(0.1)
    look(browser)
    failure, models = receiver.told
    assert "não terminou bem" in failure
    assert models.endswith(": ruim.")
    sent = {alert["cause"]: alert["text"] for alert in browser.read("/api/alerts")["sent"]}
    assert sent == {"falha": failure, "modelos": models}
    assert browser.read("/api/status")["failed_models"] == ["ruim"]
    # Models are built from what there is, also after a run that failed.
    assert panel.line.query("select numero from marts.bom") == [{"numero": 1}]
    (panel.line.project / DOCS).with_name("run_results.json").unlink()


def test_codes_that_nobody_knows_are_told(panel: Panel, browser: Browser) -> None:
    found = {
        "codigos_conhecidos": "warn",
        "accepted_values_unidades_estoque_comercial.a1b2": "warn",
        "accepted_values_credores_tipo.a1b2": "pass",
        "tabelas_recentes": "warn",
    }
    results = [{"unique_id": f"test.sienge.{name}", "status": s} for name, s in found.items()]
    file = (panel.line.project / DOCS).with_name("run_results.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"results": results}), encoding="utf-8")
    status = browser.read("/api/status")
    assert status["failed_models"] == []
    assert status["doubtful_models"] == [
        "codigos_conhecidos",
        "accepted_values_unidades_estoque_comercial",
    ]
    file.unlink()


def test_a_run_that_somebody_cancelled_is_no_alert(
    panel: Panel, browser: Browser, receiver: Receiver
) -> None:
    panel.line.query("delete from painel.alerta returning 1")
    (run,) = browser.read("/api/runs")
    mark = panel.line.project / ".meltano" / "painel" / f"{run['id']}.cancelada"
    mark.touch()
    receiver.told.clear()
    look(browser)
    assert receiver.told == []
    mark.unlink()
    look(browser)
    assert len(receiver.told) == 1
    panel.line.query("update meltano.runs set state = 'SUCCESS' returning 1")


def test_old_data_and_a_spent_quota_are_told_once_a_day(
    panel: Panel, browser: Browser, receiver: Receiver
) -> None:
    assert browser.ask("PUT", "/api/credentials", json={"plan": "free"}).ok
    now = datetime.now(SAO_PAULO).replace(tzinfo=None)
    with psycopg.connect(panel.line.database) as connection:
        connection.execute("create schema if not exists sienge")
        connection.execute(LOG)
        for hours, stream, requests in ((21, "customers", 0), (0, "units", 90)):
            then = now - timedelta(hours=hours)
            values = ("x", stream, then, then, "ok", "full", 1, requests)
            connection.execute(
                "insert into sienge.sync_log (run_id, stream, started_at, finished_at, status,"
                " extent, rows, requests) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                values,
            )
    receiver.told.clear()
    receiver.refuses = True
    look(browser)
    receiver.refuses = False
    assert browser.read("/api/alerts")["sent"][0]["cause"] == "falha"  # those were not received
    for _ in range(2):
        look(browser)
        late, quota = receiver.told
        assert "mais de 20 horas: Clientes (desde" in late
        assert "Unidades" not in late
        assert "de 100 requisições REST" in quota.replace("das", "de")
    panel.line.query("update painel.alerta set dia = dia - 1, texto = 'ontem' returning 1")
    look(browser)
    assert len(receiver.told) == 4
    assert browser.ask("PUT", "/api/alerts", json={"hours": 48}).ok
    assert browser.ask("PUT", "/api/credentials", json={"plan": ""}).ok
    assert browser.read("/api/credentials")["plan"] == {"set": False}


def test_what_is_left_to_others_counts_for_the_alert(
    panel: Panel, browser: Browser, receiver: Receiver
) -> None:
    browser.read("/api/status")
    panel.line.query("delete from painel.alerta returning 1")
    own = {"TAP_SIENGE_PLAN": "start", "PANEL_KEY": panel.env["PANEL_KEY"]}
    for reserve, said in (("0", 0), ("900", 1)):  # 90 requests were made
        own["TAP_SIENGE_QUOTA_RESERVE"] = reserve
        with running_panel(panel.line, panel.log, **own) as other:
            receiver.told.clear()
            assert other.browser().ask("PUT", "/api/alerts", json={"hours": 48}).ok
        found = [text for text in receiver.told if "90 das 100 requisições REST" in text]
        assert len(found) == said


def test_a_round_s_failure_is_told_as_such_and_the_quota_that_rounds_took_is_no_alert(
    panel: Panel, browser: Browser, receiver: Receiver
) -> None:
    assert browser.ask("PUT", "/api/credentials", json={"plan": "free"}).ok
    panel.line.query("delete from painel.alerta returning 1")
    panel.line.query("update sienge.sync_log set requests = 2 where requests = 90 returning 1")
    round_ended(panel, "4 minutes", ("customers", "ok", ""))
    panel.line.query("update sienge.sync_log set requests = 95 where rows = 0 returning 1")
    round_ended(panel, "2 minutes", ("customers", "failed", "resposta 500: parado"))
    try:
        receiver.told.clear()
        look(browser)
        (said,) = receiver.told
        assert said.startswith("A rodada de ")
        assert "Clientes não pôde ser lida" in said
        panel.line.query("update sienge.sync_log set run_id = 'y' where requests = 95 returning 1")
        panel.line.query("update sienge.sync_log set started_at = date_trunc('day', started_at)"
                         " where run_id = 'y' returning 1")  # fmt: skip
        look(browser)
        assert "98 das 100 requisições REST" in receiver.told[-1]
    finally:
        forget_rounds(panel)
        panel.line.query("delete from sienge.sync_log where run_id = 'y' returning 1")
        assert browser.ask("PUT", "/api/credentials", json={"plan": ""}).ok


def test_a_test_tells_whether_it_was_sent(browser: Browser, receiver: Receiver) -> None:
    receiver.told.clear()
    assert browser.post("/api/alerts/test").json()["outcome"] == "ok"
    assert len(receiver.told) == 1
    assert browser.post("/api/alerts/targets", other("nada")).status_code == 409
    deaf = browser.post("/api/alerts/targets", other("json://127.0.0.1:1?retry=0")).json()
    assert [target["service"] for target in deaf["targets"]] == ["JSON", "JSON"]
    answer = browser.post("/api/alerts/test").json()
    assert (answer["outcome"], "JSON" in answer["message"]) == ("failed", True)
    left = browser.ask("DELETE", f"/api/alerts/targets/{deaf['targets'][1]['id']}").json()
    assert left["targets"] == deaf["targets"][:1]


def test_what_was_chosen_is_there_after_a_restart_and_secret(
    panel: Panel, browser: Browser
) -> None:
    assert browser.ask("PUT", "/api/schedule", json={"hour": 5}).ok
    assert browser.ask("PUT", "/api/tables", json={"presets": ["bulk"]}).ok
    asked = ("/api/alerts", "/api/schedule", "/api/tables", "/api/credentials")
    before = [browser.read(path) for path in asked]
    panel.stop()
    with running_panel(panel.line, panel.log, PANEL_KEY=panel.env["PANEL_KEY"]) as restarted:
        again = restarted.browser()
        assert [again.read(path) for path in asked] == before
    stored = str(panel.line.query("select encode(valor, 'escape') from painel.segredo"))
    said = [stored, panel.log.read_text(), *browser.answers, *again.answers]
    assert not [text for text in said if TOKEN in text]
