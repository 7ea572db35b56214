"""What a program is told of a test, an estimate and a run, in words that no sentence changes."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from testing.simulator import Simulator

QUICK = ("companies", "customers")
DOWN = [{"path": f"/v1/{name}", "kind": "status", "status": 503, "count": 99} for name in QUICK]


@pytest.mark.parametrize(
    ("changes", "permissions", "faults", "code"),
    [
        ({}, {}, [], "ok"),
        ({"password": "outra-senha"}, {}, [], "password"),
        ({"subdomain": "outra"}, {}, [], "subdomain"),
        ({"subdomain": "outra.sienge.com.br"}, {}, [], "settings"),
        ({}, {"/v1": 403}, [], "permission"),
        ({}, {}, DOWN, "maintenance"),
        ({}, {}, [DOWN[0], DOWN[1] | {"status": 500}], "down"),
        ({}, {}, DOWN[:1], "failed"),
        ({"api_url": "http://127.0.0.1:9/{subdomain}"}, {}, [], "down"),
    ],
    ids=[
        "ok",
        "password",
        "subdomain",
        "settings",
        "permission",
        "503",
        "500",
        "one",
        "unreachable",
    ],
)
def test_a_test_ends_with_a_word_and_a_sentence(
    simulator: Simulator,
    run_tap: Callable[..., Any],
    changes: dict[str, str],
    permissions: dict[str, int],
    faults: list[dict[str, Any]],
    code: str,
) -> None:
    simulator.admin("/permissions", permissions)
    simulator.admin("/faults", faults)
    config = simulator.config | {"max_retries": 0} | changes
    run = run_tap(config, "--json", "--test", f"--only={','.join(QUICK)}")
    (told,) = run.messages  # and nothing else on standard output
    assert told["code"] == code
    assert (told["verdict"] == "ok", run.code == 0) == (code == "ok",) * 2
    assert told["sentence"].endswith(".")
    assert told["streams"].keys() <= {*QUICK}
    if code in {"ok", "failed"}:
        assert told["streams"]["customers"] == {"status": "ok", "error": None}
        assert {request["path"] for request in simulator.requests} == {
            f"/v1/{name}" for name in QUICK
        }


def test_a_spent_quota_is_no_success(simulator: Simulator, run_tap: Callable[..., Any]) -> None:
    config = simulator.config | {"daily_request_limit": 1}
    assert run_tap(config, "--test", "--only=companies").code == 0
    run = run_tap(config, "--test", "--only=companies", "--json")
    assert run.messages[0]["code"] == "quota"


def test_an_estimate_tells_its_numbers(simulator: Simulator, run_tap: Callable[..., Any]) -> None:
    (told,) = run_tap(simulator.config, "--estimate=patrimonio", "--json").messages
    assert told["code"] == "ok"
    assert told["streams"].keys() == {"patrimony_fixed", "patrimony_movable"}
    fixed = told["streams"]["patrimony_fixed"]
    assert fixed["rows"] == simulator.counts["patrimony_fixed"]
    assert (fixed["kind"], fixed["first"], fixed["daily"]) == ("rest", 1, 1)
    (refused,) = run_tap(simulator.config, "--estimate=vendas", "--json").messages
    assert refused["code"] == "settings"


@pytest.mark.parametrize("wrong", [("--json",), ("--only=companies",), ("--test", "--only=nada")])
def test_what_makes_no_sense_is_refused(
    simulator: Simulator, run_tap: Callable[..., Any], wrong: tuple[str, ...]
) -> None:
    run = run_tap(simulator.config, *wrong)
    assert (run.code, run.messages) == (1, [])
    assert "--only" in run.stderr


def test_a_run_tells_how_far_it_is(
    start_simulator: Callable[..., Simulator], run_tap: Callable[..., Any], tmp_path: Path
) -> None:
    simulator, told = start_simulator("--rows", "enterprises=450"), tmp_path / "andamento.jsonl"
    config = simulator.config | {"progress_file": str(told)}
    assert run_tap(config, streams=["companies", "enterprises"]).code == 0
    events = [json.loads(line) for line in told.read_text().splitlines()]
    begun = [event["stream"] for event in events if event["event"] == "begin"]
    assert sorted(begun) == ["companies", "enterprises"]
    far = {"event": "far", "stream": "enterprises", "unit": "page"}
    assert far | {"number": 2, "of": 3, "rows": 200} in events
    assert "end" not in {event["event"] for event in events}
    nowhere = run_tap(simulator.config | {"progress_file": str(tmp_path)}, streams=["companies"])
    assert nowhere.code == 1
    assert "Configuração progress_file: não consegui gravar" in nowhere.stderr


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"password": "errada"}, "password"),
        ({"start_date": "ontem"}, "settings"),
        ({"api_url": "http://127.0.0.1:9", "max_retries": 0}, "down"),
    ],
    ids=str,
)
def test_a_run_that_fails_tells_why_in_a_word(
    simulator: Simulator,
    run_tap: Callable[..., Any],
    tmp_path: Path,
    config: dict[str, Any],
    code: str,
) -> None:
    told = tmp_path / "andamento.jsonl"
    env = os.environ | {"TAP_SIENGE_PROGRESS_FILE": str(told)}
    assert run_tap(simulator.config | config, streams=["companies"], env=env).code == 1
    events = [json.loads(line) for line in told.read_text().splitlines()]
    assert [event["code"] for event in events if event["event"] == "end"] == [code]
    assert events[-1]["sentence"].endswith(".")


def test_a_setting_that_fails_already_when_streams_are_listed_is_told(
    run_tap: Callable[..., Any], tmp_path: Path
) -> None:
    told = tmp_path / "andamento.jsonl"
    env = os.environ | {"TAP_SIENGE_PROGRESS_FILE": str(told), "TAP_SIENGE_ONLY": "{"}
    assert run_tap({}, "--discover", "--config=ENV", env=env).code == 1
    assert json.loads(told.read_text())["code"] == "settings"


def test_a_run_without_permissions_tells_so_in_a_word(
    simulator: Simulator, run_tap: Callable[..., Any], tmp_path: Path
) -> None:
    simulator.admin("/permissions", {"/v1/companies": 403})
    told = tmp_path / "andamento.jsonl"
    run = run_tap(simulator.config | {"progress_file": str(told)}, streams=["companies"])
    assert run.code == 1
    assert json.loads(told.read_text().splitlines()[-1])["code"] == "permission"
