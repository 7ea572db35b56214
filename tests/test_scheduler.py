"""What the container of the schedule does: readings of everything, and rounds between them."""

from __future__ import annotations

import json
import os
from importlib.util import module_from_spec, spec_from_file_location
from threading import Timer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sienge_panel.agenda import crontab
from sienge_panel.problem import ProblemError

from testing.pipeline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = {"TAP_SIENGE_SUBDOMAIN": "uma", "CARGA_PASSWORD": "senha"}


@pytest.fixture
def sienge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401, a module
    """Give the program with a folder of its own, whose runs only note their environment."""
    found = spec_from_file_location("sienge", ROOT / "docker" / "sienge.py")
    assert found is not None
    assert found.loader is not None
    module: Any = module_from_spec(found)
    found.loader.exec_module(module)
    monkeypatch.setenv("PANEL_LOGS", str(tmp_path / "logs"))
    for name, value in {
        "APP": ROOT,
        "FOLDER": tmp_path,
        "LAST": tmp_path / "ultima.json",
        "LAST_ROUND": tmp_path / "rodada.json",
        "waiting": SimpleNamespace(for_database=lambda _env: None),
        "check_disk": lambda _env: None,
        "code": 0,
        "runs": [],
    }.items():
        monkeypatch.setattr(module, name, value, raising=False)

    def run(env: dict[str, str], _lock: int) -> int:
        module.runs.append(env)
        code: int = module.code
        return code

    monkeypatch.setattr(module, "run", run)
    return module


def noted(file: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


def test_a_round_asks_only_for_what_changed_and_is_noted_as_one(
    sienge: Any,  # noqa: ANN401
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_round = GIVEN | {sienge.TRIGGER: sienge.ROUND}
    assert sienge.synchronise(GIVEN) == 0
    whole = sienge.LAST.read_text("utf-8")
    sienge.code = 1
    assert sienge.synchronise(in_round) == 1
    night, between = sienge.runs
    assert ("TAP_SIENGE_ROUND" in night, between["TAP_SIENGE_ROUND"]) == (False, "true")
    assert sienge.LAST.read_text("utf-8") == whole
    capsys.readouterr()
    assert sienge.health() == 0  # the night went well
    began = noted(sienge.LAST_ROUND)["inicio"][11:16]
    assert f"A rodada das {began} terminou com falhas (código 1)" in capsys.readouterr().out
    assert sienge.synchronise(GIVEN) == 1
    assert sienge.health() == 1


def test_a_round_that_meets_a_run_is_left_out_and_a_reading_waits_for_a_round(
    sienge: Any,  # noqa: ANN401
    capsys: pytest.CaptureFixture[str],
) -> None:
    lock = sienge.the_runner().claim()
    assert sienge.synchronise(GIVEN | {sienge.TRIGGER: sienge.ROUND}) == 0
    assert (sienge.runs, capsys.readouterr().err) == ([], "")
    assert not sienge.LAST_ROUND.exists()
    assert sienge.synchronise(GIVEN) == 0  # a person is told at once
    assert "Já há uma sincronização" in capsys.readouterr().err
    Timer(0.5, lock.close).start()
    assert sienge.synchronise(GIVEN, only_when_due=True) == 0
    assert [env[sienge.TRIGGER] for env in sienge.runs] == ["schedule"]


def test_what_kept_the_scheduler_from_asking_is_told_until_it_can_again(
    sienge: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_given: dict[str, str]) -> str:
        raise ProblemError("O banco não respondeu.")

    sienge.synchronise(GIVEN)
    before = noted(sienge.LAST)
    with monkeypatch.context() as broken:
        broken.setattr(sienge, "asked", fail)
        for _ in range(2):
            with pytest.raises(ProblemError):
                sienge.synchronise(GIVEN, only_when_due=True)
    assert (noted(sienge.LAST)["falha"], sienge.health()) == ("O banco não respondeu.", 1)
    monkeypatch.setattr(sienge, "asked", lambda _given: "")
    assert sienge.synchronise(GIVEN, only_when_due=True) == 0
    assert noted(sienge.LAST) == {**before, "inicio": noted(sienge.LAST)["inicio"]}


@pytest.mark.parametrize(
    ("env", "lines"),
    [
        ({}, ["0 2 * * * sienge sincroniza --na-hora"]),
        ({"PANEL_KEY": "chave"}, ["*/5 * * * * sienge sincroniza --na-hora"]),
        (
            {"SYNC_CRON": "5 4 * * *", "SYNC_ROUNDS_CRON": "*/30 7-20 * * 1-5"},
            [
                "5 4 * * * sienge sincroniza --na-hora",
                "*/30 7-20 * * 1-5 sienge sincroniza --rodada",
            ],
        ),
    ],
    ids=["nothing", "panel", "environment"],
)
def test_the_crontab_says_when(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    lines: list[str],
) -> None:
    supercronic = tmp_path / "supercronic"
    supercronic.write_text('#!/bin/sh\n! grep -q hora "$2"\n')  # it refuses what is no schedule
    supercronic.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    file = tmp_path / "crontab"
    crontab(env, ROOT / "crontab", file)
    said = file.read_text("utf-8").splitlines()
    assert [line for line in said if not line.startswith("#")] == lines
    for name in ("SYNC_CRON", "SYNC_ROUNDS_CRON"):
        with pytest.raises(ProblemError, match=f"^{name}: esperado um horário"):
            crontab({name: "de hora em hora"}, ROOT / "crontab", file)
