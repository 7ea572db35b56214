"""The tap's own checks, in its words for programs."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, cast, get_args

from sienge_panel.answers import Answer, Outcome
from sienge_panel.runner import quiet
from sienge_panel.settings import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sienge_panel.settings import Settings

QUICK = ("companies", "customers", "creditors", "enterprises")
"""Tables that the quick test tries, since almost every API user may read one of them."""

COST = 100
"""Requests that asking for every permission costs at most: one for each table."""

PATIENCE = 300

MAINTENANCE = "maintenance"
"""The tap's word for a Sienge that answers nothing but 503."""

CONNECTED = "Conexão feita: o Sienge respondeu."

DOWN = (
    "O Sienge respondeu com erro a todas as consultas do teste: deve estar fora do ar. Tente de "
    "novo daqui a alguns minutos."
)


def ask(project: Path, env: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run the tap itself, without the catalog that Meltano's last run left to it.

    Returns:
        Its verdict.
    """
    program = project / ".meltano/extractors/tap-sienge/venv/bin/tap-sienge"
    return _verdict(project, env, [str(program), "--config=ENV", *arguments])


def _verdict(project: Path, env: Mapping[str, str], command: list[str]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [*command, "--json"],
            cwd=project,
            env=quiet(env),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        verdict: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise ProblemError(
            f"O Sienge não respondeu em {PATIENCE // 60} minutos: tente de novo mais tarde."
        ) from None
    except OSError as error:
        raise ProblemError(f"Não consegui rodar {command[0]}: {error.strerror}.") from None
    except ValueError:  # it ended before it could tell
        lines = [line for line in done.stderr.splitlines() if line and "melta.no" not in line]
        raise ProblemError(lines[-1] if lines else "O tap-sienge não disse nada.") from None
    return verdict


def _answer(verdict: dict[str, Any]) -> Answer:
    """Give the tap's word and sentence, but where people at a test need another."""
    code = "down" if verdict["code"] == MAINTENANCE else verdict["code"]
    outcome = cast("Outcome", code if code in get_args(Outcome) else "failed")
    answered = outcome == "down" and verdict["streams"]
    return Answer(outcome=outcome, message=DOWN if answered else verdict["sentence"])


def validate(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Let the tap look at its settings, without a request."""
    return _answer(ask(settings.project, env, "--test=schema"))


def connect(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Ask for one record of each of a few tables; one that can be read is enough.

    Through Meltano, with all settings that a run has.
    """
    tried = {"TAP_SIENGE_MAX_CONNECTIONS": "1", "TAP_SIENGE_MAX_RETRIES": "1"}
    command = [*settings.meltano, "invoke", "tap-sienge", "--test", f"--only={','.join(QUICK)}"]
    verdict = _verdict(settings.project, {**env, **tried}, command)
    readable, _ = _sorted(verdict)
    return Answer(outcome="ok", message=CONNECTED) if readable else _answer(verdict)


def permissions(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Ask for one record of every table."""
    verdict = ask(settings.project, env, "--test")
    readable, refused = _sorted(verdict)
    return _answer(verdict).model_copy(update={"readable": readable, "refused": refused})


def _sorted(verdict: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Give the tables that could be read, and those that may not be."""
    found = {name: stream["status"] for name, stream in verdict["streams"].items()}
    return (
        [name for name, status in found.items() if status in {"ok", "incomplete"}],
        [name for name, status in found.items() if status == "skipped"],
    )


def estimate(settings: Settings, env: Mapping[str, str], preset: str) -> dict[str, tuple[int, int]]:
    """Let the tap reckon the requests of a preset's tables, at one request for each.

    Of the first run, and of a day on which nothing changed.

    Raises:
        ProblemError: It could not.
    """
    verdict = ask(settings.project, env, f"--estimate={preset}")
    if verdict["code"] != "ok":
        raise ProblemError(_answer(verdict).message)
    return {name: (cost["first"], cost["daily"]) for name, cost in verdict["streams"].items()}
