"""When the panel reads, and what it tells of runs and days."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from sienge_panel import causes, schedule
from sienge_panel.__main__ import execute
from sienge_panel.changed import Changed
from sienge_panel.choice import PRESETS, TABLES
from sienge_panel.environment import for_round
from sienge_panel.log_lines import level
from sienge_panel.models import failed as failed_models
from sienge_panel.pipeline import in_rounds
from sienge_panel.plan import Plan
from sienge_panel.problem import ProblemError
from sienge_panel.schedule import PLAN, ROUNDS, Schedule
from sienge_panel.settings import Settings
from sienge_panel.share import night_share
from sienge_panel.vault import Vault
from sienge_simulator import testing
from tap_sienge.values import SAO_PAULO

from demo.reader import reader
from testing.pipeline import running_line
from tests.panel import Browser, Panel, running_panel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, SECRET = testing.USER
WORK_DAYS = [0, 1, 2, 3, 4]
MONDAY = datetime(2026, 11, 30, tzinfo=SAO_PAULO)
EVERY_HALF_HOUR = {"every": 30, "first": 7, "last": 20, "days": WORK_DAYS}


@pytest.mark.parametrize(
    ("told", "words", "cron"),
    [
        ({"times": ["02:00"]}, "todos os dias, às 02:00", "0 2 * * *"),
        (
            EVERY_HALF_HOUR,
            "a cada 30 minutos, das 7 às 20, em dias úteis",
            "0 7,8,9,10,11,12,13,14,15,16,17,18,19,20 * * 1,2,3,4,5; "
            "30 7,8,9,10,11,12,13,14,15,16,17,18,19 * * 1,2,3,4,5",
        ),
        ({"every": 60}, "a cada hora, o dia todo, todos os dias", None),
        (
            {"every": 15, "first": 8, "last": 9, "days": [5, 6]},
            "a cada 15 minutos, das 8 às 9, aos sábados e domingos",
            "0 8,9 * * 6,0; 15 8 * * 6,0; 30 8 * * 6,0; 45 8 * * 6,0",
        ),
        (
            {"times": ["18:30", "07:00", "12:00"], "days": [0, 1, 2, 3, 4, 5]},
            "de segunda a sábado, às 07:00, 12:00 e 18:30",
            "0 7,12 * * 1,2,3,4,5,6; 30 18 * * 1,2,3,4,5,6",
        ),
        ({"times": ["05:00"], "days": [6, 2]}, "quarta e domingo, às 05:00", "0 5 * * 3,0"),
    ],
    ids=str,
)
def test_a_plan_is_said_in_words(told: dict[str, Any], words: str, cron: str | None) -> None:
    plan = Plan.of(told)
    assert plan.words == words
    assert cron in {None, plan.cron}
    assert Plan.of(plan.as_dict) == plan


@pytest.mark.parametrize(
    "told", [{"times": []}, {"times": ["7:15"]}, {"every": 60, "first": 9, "last": 8}], ids=str
)
def test_what_is_no_plan_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ProblemError):
        Plan.of(told)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-11-28 16:38:24 [error    ] meltano      Loader failed", "error"),
        ("2026-11-28 16:38:10 [error    ] tap-sienge   Recurso falhou: resposta 503.", "error"),
        ("2026-11-28 16:38:10 [critical ] tap-sienge   Nenhum recurso pôde ser lido.", "error"),
        ("2026-11-28 16:38:10 [info     ] tap-sienge   Configuração plan: esperado free.", "error"),
        ("2026-11-28 16:38:10 [warning  ] tap-sienge   Recurso adiado: a cota acabou.", "warning"),
        ("2026-11-28 16:37:33 [warning  ] meltano      No state was found", "warning"),
        ("2026-11-28 16:38:24 [info     ] tap-sienge   completo: companies", "info"),
        ("16:38:24  1 of 2 ERROR creating sql view model marts.ruim", "error"),
    ],
)
def test_a_line_has_a_level(line: str, expected: str) -> None:
    assert level(line, "Configuração plan: esperado free.") == expected


def failed(**changes: Any) -> dict[str, Any]:  # noqa: ANN401, as a run has them
    known = {"state": "fail", "cancelled": False, "error": "Extractor failed", "steps": {}}
    return known | {"answered": 0} | changes


def row(status: str, error: str = "") -> dict[str, str]:
    return {"stream": "companies", "status": status, "error": error}


@pytest.mark.parametrize(
    ("run", "rows", "ended", "log", "code"),
    [
        (failed(cancelled=True), [], "", [], "cancelled"),
        (failed(state="lost"), [], "", [], "lost"),
        (failed(state="success", steps={"carga": 0, "modelos": 1}), [], "", [], "models"),
        (failed(state="success"), [row("postponed")], "", [], "quota"),
        (failed(state="success"), [row("skipped"), row("postponed")], "", [], "quota"),
        (failed(), [row("failed")], "maintenance", [], "maintenance"),
        (failed(), [row("failed")], "down", [], "down"),
        (failed(), [row("failed")], "password", [], "password"),
        (failed(), [row("failed", "resposta 503: parado")], "", [], "down"),
        (failed(answered=3), [row("failed")], "failed", [], "tables"),
        (failed(answered=3), [row("failed")], "password", [], "tables"),
        (failed(error="Extractor and loader failed"), [], "", ["DiskFull"], "disk"),
        (failed(error="Loader failed"), [], "failed", ["(401) numa coluna"], "loader"),
        (failed(), [], "busy", [], "busy"),
        (failed(), [], "subdomain", [], "subdomain"),
        (failed(), [], "permission", [], "permission"),
        (failed(), [], "down", [], "network"),
        (failed(), [], "", ["Outra sincronização deste Sienge está lendo units"], "failed"),
        (failed(), [], "", ["OSError: No space left on device"], "disk"),
        (failed(), [], "", ["'x' is not a valid choice for 'plan'"], "settings"),
        (failed(), [], "ok", [], "failed"),  # a given record could not be read
        (failed(), [], "", ["nada que se conheça"], "failed"),
    ],
    ids=str,
)
def test_a_cause_is_found_by_words_for_programs(
    run: dict[str, Any], rows: list[dict[str, str]], ended: str, log: list[str], code: str
) -> None:
    told = {"code": ended, "sentence": "Configuração plan: esperado x."} if ended else {}
    cause = causes.of_run(run, rows, told, log)
    assert cause is not None
    assert (cause.code, cause.title != "", cause.sentence != "") == (code, True, True)


def test_a_round_s_build_counts_where_it_came_after_the_whole_one(tmp_path: Path) -> None:
    whole = tmp_path / "dbt-target"
    for folder, results in (
        (whole, {"a": "error", "b": "success", "c": "error"}),
        (in_rounds(whole), {"a": "success", "b": "error"}),
    ):
        folder.mkdir()
        found = [{"unique_id": f"model.sienge.{n}", "status": s} for n, s in results.items()]
        (folder / "run_results.json").write_text(json.dumps({"results": found}))
    assert failed_models(whole) == ["b", "c"]
    os.utime(in_rounds(whole) / "run_results.json", (0, 0))
    assert failed_models(whole) == ["a", "c"]


# A running panel


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("execucoes")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        with running_panel(line, folder / "painel.log") as started:
            yield started


@pytest.fixture(scope="module")
def browser(panel: Panel) -> Browser:
    """Someone who has told the credentials, and read two tables."""
    found = panel.browser()
    known = {"subdomain": panel.line.simulator.config["subdomain"], "plan": "free"}
    known |= {"username": USER, "password": SECRET}
    assert found.ask("PUT", "/api/credentials", json=known).ok
    assert found.ask("PUT", "/api/tables", json={"tables": ["companies", "enterprises"]}).ok
    run = found.post("/api/sync", {}).json()["run"]
    told = found.ask("GET", f"/api/runs/{run}/events").text
    begun = told.split("event: begun\ndata: ")[1].splitlines()[0]
    assert '"tables":2' in begun
    return found


def test_the_scheduler_is_answered_yes_once_for_each_moment(panel: Panel) -> None:
    found = Settings.read(panel.env)
    vault = Vault(found)
    vault.keep(PLAN, EVERY_HALF_HOUR)
    said = []
    try:
        for hours in (6.5, 7.0, 7.02, 7.5, 8.75, 20.0, 20.5, 24.0 + 7, 5 * 24 + 7):
            with time_machine.travel(MONDAY + timedelta(hours=hours)):
                said.append(bool(schedule.due(found, vault)))
    finally:
        vault.keep(PLAN, None)
    # Late (8:45) counts; after the last hour and on Saturday nothing does.
    assert said == [False, True, False, True, True, True, False, True, False]


@pytest.mark.parametrize("minute", [0, 45])
def test_who_asks_but_hourly_still_meets_whole_hours(panel: Panel, minute: int) -> None:
    found = Settings.read(panel.env)
    vault = Vault(found)
    vault.keep(PLAN, {"times": ["02:00"]})
    said = []
    try:
        for hour in range(5):
            with time_machine.travel(MONDAY + timedelta(hours=hour, minutes=minute)):
                said.append(bool(schedule.due(found, vault)))
    finally:
        vault.keep(PLAN, None)
    assert said == [False, False, minute == 0, False, False] if minute == 0 else sum(said) == 1


def test_a_round_comes_between_and_the_whole_reading_wins(panel: Panel) -> None:
    found = Settings.read(panel.env)
    vault = Vault(found)
    vault.keep(PLAN, {"times": ["02:00", "12:30"]})
    vault.keep(ROUNDS, {"every": 10, "first": 7, "last": 20, "days": WORK_DAYS})
    said = {}
    try:
        for clock in ("01:55", "02:00", "06:55", "07:00", "07:05", "07:12", "08:55", "12:30",
                      "12:35", "12:40", "20:00", "20:10"):  # fmt: skip
            hour, minute = map(int, clock.split(":"))
            with time_machine.travel(MONDAY + timedelta(hours=hour, minutes=minute)):
                said[clock] = schedule.due(found, vault)
                told = Schedule.read(found, vault).status()
    finally:
        vault.keep(PLAN, None)
        vault.keep(ROUNDS, None)
    assert {clock for clock, trigger in said.items() if trigger == "schedule"} == {"02:00", "12:30"}
    # At 08:55 the moment five minutes ago counts, as after a long run; the older ones do not.
    rounds = {clock for clock, trigger in said.items() if trigger == "round"}
    assert rounds == {"07:00", "07:12", "08:55", "12:40", "20:00"}
    assert f"{told['rounds']['next']:%d %H:%M}" == "01 07:00"
    assert f"{told['next']:%d %H:%M}" == "01 02:00"


@pytest.mark.parametrize(
    ("env", "whole", "rounds"),
    [
        ({}, "", ("panel", "0 7 * * *")),
        ({"SYNC_CRON": "5 4 * * *"}, "5 4 * * *", ("environment", "")),
        ({"SYNC_ROUNDS_CRON": "*/30 7-20 * * 1-5"}, "", ("environment", "*/30 7-20 * * 1-5")),
    ],
    ids=["panel", "whole", "rounds"],
)
def test_where_the_environment_says_when_the_panel_s_rounds_do_not_count(
    panel: Panel, env: dict[str, str], whole: str, rounds: tuple[str, str]
) -> None:
    found = Settings.read({**panel.env, **env})
    vault = Vault(found)
    vault.keep(ROUNDS, {"every": 60, "first": 7, "last": 7})
    try:
        known = Schedule.read(found, vault)
    finally:
        vault.keep(ROUNDS, None)
    assert (known.rounds.origin, known.rounds.cron) == rounds
    assert known.whole.cron == (whole or "0 2 * * *")
    if env:
        assert (known.next_round is None) == (not rounds[1])


def test_a_round_leaves_what_is_still_to_be_read_today(panel: Panel, browser: Browser) -> None:
    browser.read("/api/status")
    found = Settings.read(panel.env)
    vault = Vault(found)
    noon = datetime.now(SAO_PAULO).replace(hour=12, minute=0)
    limit = []
    for times in (["02:00"], ["02:00", "22:00"]):
        vault.keep(PLAN, {"times": times})
        with time_machine.travel(noon):
            env = for_round(found, vault)
        assert (env["TAP_SIENGE_ROUND"], env["MELTANO_JOB_TRIGGER"]) == ("true", "round")
        limit.append(int(env["TAP_SIENGE_DAILY_REQUEST_LIMIT"]))
    vault.keep(PLAN, None)
    night = night_share(found)["rest"]
    assert night > 0
    assert limit == [100, 100 - night]  # what was read today need not be read once more


def test_a_command_is_told_whether_it_is_a_round(
    panel: Panel, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.read("/api/status")
    vault = Vault(Settings.read(panel.env))
    vault.keep(ROUNDS, EVERY_HALF_HOUR)
    told: list[tuple[str, str | None]] = []
    with monkeypatch.context() as here:
        here.setattr(os, "environ", panel.env)
        here.setattr(os, "execvpe", lambda _name, _command, env: told.append(trigger_of(env)))
        for clock in (2, 3, 7.5):
            with time_machine.travel(MONDAY + timedelta(hours=clock)):
                execute(["meltano", "run"], only_when_due=True)
    vault.keep(ROUNDS, None)
    assert told == [("schedule", None), ("round", "true")]


def trigger_of(env: dict[str, str]) -> tuple[str, str | None]:
    return env["MELTANO_JOB_TRIGGER"], env.get("TAP_SIENGE_ROUND")


def test_what_a_round_changed_is_told_by_its_rows(panel: Panel, tmp_path: Path) -> None:
    env = {**panel.env, "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": "rodada"}

    def execute(*statements: str) -> None:
        with psycopg.connect(panel.line.database) as connection:
            for statement in statements:
                connection.execute(statement)

    def round_of(load: int | None, names: list[str], *, settle: bool = True) -> list[str]:
        changed = Changed(env, tmp_path / "conteudo.json")
        if load:
            rows = [f"({n}, '{name}', {load * 10}, null, {load})" for n, name in enumerate(names)]
            execute(
                "delete from rodada.customers",
                f"insert into rodada.customers values {', '.join(rows)}",
                f"insert into rodada.sync_log values ('customers', {len(rows)}, 'changes', {load}),"
                f" ('creditors', 0, 'none', {load})",
            )
        found = changed.tables()
        if settle:
            changed.settle()
        return found

    execute(
        "create schema rodada",
        "create table rodada.sync_log (stream text, rows int, extent text,"
        " _sdc_sync_started_at bigint)",
        "create table rodada.customers (id int, name text, _sdc_sequence bigint,"
        " _sdc_deleted_at timestamp, _sdc_sync_started_at bigint)",
    )
    try:
        assert round_of(1, ["Ana", "Bia"]) == ["customers"]
        assert round_of(2, ["Ana", "Bia"]) == []
        assert round_of(3, ["Ana", "Bea"], settle=False) == ["customers"]  # and it was cut off
        assert round_of(4, ["Ana", "Bea"]) == ["customers"]
        assert round_of(5, ["Bea", "Ana"]) == ["customers"]
        assert round_of(None, []) == []  # nothing was loaded
    finally:
        execute("drop schema rodada cascade")


def test_a_plan_is_reckoned_before_it_is_kept(browser: Browser) -> None:
    before = browser.read("/api/schedule")
    cost = browser.post("/api/schedule/cost", EVERY_HALF_HOUR).json()
    assert cost["words"] == "a cada 30 minutos, das 7 às 20, em dias úteis"
    assert (cost["runs"], cost["quota"]["rest"], cost["unknown"]) == (27, 100, 0)
    once = browser.post("/api/schedule/cost", {"times": ["02:00"]}).json()
    assert once["rest"] >= 2
    assert cost["rest"] == 27 * once["rest"]
    assert browser.read("/api/schedule") == before
    kept = browser.ask("PUT", "/api/schedule", json=EVERY_HALF_HOUR).json()
    assert (kept["plan"]["every"], kept["hour"], kept["from"]) == (30, None, "panel")
    assert browser.ask("PUT", "/api/schedule", json={"hour": 4}).json()["hour"] == 4
    assert browser.ask("PUT", "/api/schedule", json={"times": ["4h"]}).status_code == 409


def test_rounds_are_reckoned_kept_and_stopped(panel: Panel, browser: Browser) -> None:
    night = night_share(Settings.read(panel.env))
    assert browser.ask("PUT", "/api/tables", json={"presets": ["padrao"]}).ok
    cost = browser.post("/api/schedule/rounds/cost", EVERY_HALF_HOUR).json()
    asked = [table for table in PRESETS["padrao"] if TABLES[table].get("round")]
    kinds = [TABLES[table]["kind"] for table in asked]
    assert asked
    assert cost["words"] == "a cada 30 minutos, das 7 às 20, em dias úteis"
    assert (cost["runs"], cost["measured"], cost["night"]) == (27, False, night)
    assert [cost[kind] for kind in ("rest", "bulk")] == [
        27 * kinds.count(kind) for kind in ("rest", "bulk")
    ]
    assert cost["left"]["rest"] == 100 - night["rest"]
    # Of the ten BULK requests of the free plan a round takes two: every three hours is five rounds.
    assert cost["instead"] == "a cada 3 horas"
    fits = browser.post("/api/schedule/rounds/cost", {**EVERY_HALF_HOUR, "every": 240}).json()
    assert (fits["runs"], fits["instead"]) == (4, "")
    assert browser.ask("PUT", "/api/tables", json={"tables": ["companies", "enterprises"]}).ok
    assert browser.read("/api/schedule")["rounds"]["plan"] is None
    kept = browser.ask("PUT", "/api/schedule/rounds", json=EVERY_HALF_HOUR).json()["rounds"]
    assert (kept["plan"], kept["from"]) == (EVERY_HALF_HOUR, "panel")
    wrong = {**EVERY_HALF_HOUR, "first": 21}
    assert browser.ask("PUT", "/api/schedule/rounds", json=wrong).status_code == 409
    assert browser.ask("DELETE", "/api/schedule/rounds").json()["rounds"]["words"] == ""


def round_ended(panel: Panel, began: str, *rows: tuple[str, str, str]) -> None:
    """Let a round have read tables, as Meltano and the tap tell of it."""
    panel.line.query(
        "insert into meltano.runs (job_name, run_id, state, started_at, ended_at, trigger)"
        " select 'demo:tap-sienge-to-target-postgres', gen_random_uuid(), 'SUCCESS', at, at"
        " + interval '5 seconds', 'round'"
        f" from (select now() at time zone 'UTC' - interval '{began}' as at) as it returning 1"
    )
    for table, status, error in rows:
        panel.line.query(
            "insert into sienge.sync_log (run_id, stream, started_at, finished_at, status, extent,"
            " rows, requests, error)"
            f" select '{began}', '{table}', at + interval '1 second', at + interval '2 seconds',"
            f" '{status}', 'changes', 0, 1, nullif('{error}', '') from (select now()"
            f" at time zone 'America/Sao_Paulo' - interval '{began}' as at) as it returning 1"
        )


def later(panel: Panel, hours: int) -> None:
    """Let all runs have been so much later."""
    for table, columns in {
        "sienge.sync_log": ("started_at", "finished_at"),
        "meltano.runs": ("started_at", "ended_at", "last_heartbeat_at"),
    }.items():
        changes = ", ".join(f"{name} = {name} + interval '{hours} hours'" for name in columns)
        panel.line.query(f"update {table} set {changes} returning 1")


def forget_rounds(panel: Panel) -> None:
    panel.line.query("delete from sienge.sync_log where run_id like '%minute%' returning 1")
    panel.line.query("delete from meltano.runs where trigger = 'round' returning 1")


def test_a_round_makes_data_new_and_its_failure_is_its_own(panel: Panel, browser: Browser) -> None:
    later(panel, -8)
    before = browser.read("/api/status")
    night = {table["table"]: table for table in before["tables"]}
    assert (before["last_round"], {table["live"] for table in night.values()}) == (None, {False})
    round_ended(panel, "3 minutes", ("companies", "ok", ""))
    round_ended(panel, "2 minutes", ("companies", "failed", "resposta 500: parado"))
    round_ended(panel, "1 minute", ("companies", "postponed", "a cota do dia acabou"))
    try:
        status = browser.read("/api/status")
        companies = next(table for table in status["tables"] if table["table"] == "companies")
        # The outcome is the night's, but how new the data are, the round's.
        assert {name for name in companies if companies[name] != night["companies"][name]} == {
            "good",
            "live",
        }
        assert companies["live"]
        passed = datetime.now(SAO_PAULO) - datetime.fromisoformat(companies["good"])
        assert timedelta(minutes=2) < passed < timedelta(minutes=4)
        assert status["last"]["id"] == before["last"]["id"]
        ended, failed, good = browser.read("/api/runs?partial=true")
        assert {run["started_by"] for run in (ended, failed, good)} == {"round"}
        assert (ended["cause"], good["cause"]) == (None, None)  # that the quota ended is no news
        began = datetime.fromisoformat(failed["started"]).astimezone(SAO_PAULO)
        assert failed["cause"]["title"] == f"A rodada das {began:%H:%M} não terminou bem"
        assert failed["cause"]["tone"] == "warn"
        assert browser.read("/api/runs?partial=false")[0]["id"] == before["last"]["id"]
        cost = browser.post("/api/schedule/rounds/cost", EVERY_HALF_HOUR).json()
        assert (cost["measured"], cost["rest"]) == (True, 27)
    finally:
        forget_rounds(panel)
        later(panel, 8)


def test_days_tell_their_runs_and_their_requests_by_table(browser: Browser) -> None:
    found = browser.read("/api/runs/days")
    today = found["days"][-1]
    assert len(found["days"]) == 30
    assert (today["state"], today["runs"], found["quota"]["rest"]) == ("good", 1, 100)
    tables = browser.read(f"/api/runs/days/{today['day']}")
    assert {table["table"] for table in tables} == {"companies", "enterprises"}
    assert sum(table["requests"] for table in tables) == today["rest"]
    assert found["days"][0] == {**found["days"][0], "state": "none", "runs": 0, "rest": 0}


def test_a_run_of_the_command_line_is_told_as_such(panel: Panel, browser: Browser) -> None:
    panel.line.run(TAP_SIENGE__SELECT='["companies.*", "sync_log.*"]')
    latest = browser.read("/api/runs")[0]
    assert (latest["started_by"], latest["log"], latest["tables"]) == ("command", False, 1)
    detail = browser.read(f"/api/runs/{latest['id']}")
    assert [table["title"] for table in detail["tables"]] == ["Empresas"]


def test_a_log_is_downloaded(browser: Browser) -> None:
    run = next(run for run in browser.read("/api/runs") if run["log"])
    answer = browser.ask("GET", f"/api/runs/{run['id']}/log")
    assert f"execucao-{run['id']}.log" in answer.headers["Content-Disposition"]
    assert browser.ask("GET", "/api/runs/00000000-0000-0000-0000-000000000000").status_code == 404


def test_the_demonstration_has_the_role_that_only_reads(
    panel: Panel, browser: Browser, tmp_path: Path
) -> None:
    browser.read("/api/status")
    with psycopg.connect(panel.line.database) as owner:
        passwords = {reader(owner, tmp_path / "leitura.senha") for _ in range(2)}
    (password,) = passwords
    place = urlsplit(panel.line.database)
    address = place._replace(netloc=f"leitura:{password}@127.0.0.1:{place.port}").geturl()
    with psycopg.connect(address) as reading:
        assert reading.execute("select count(*) from companies").fetchone() != (0,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reading.execute("delete from companies")
    with psycopg.connect(panel.line.database) as owner:  # also what is loaded later
        owner.execute("create table marts.depois as select 1 as numero")
    with psycopg.connect(address) as reading:
        assert reading.execute("select numero from depois").fetchone() == (1,)
