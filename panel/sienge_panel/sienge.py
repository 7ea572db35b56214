"""The tap's own checks, run through Meltano as a person would in a terminal."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sienge_panel import choice
from sienge_panel.settings import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sienge_panel.settings import Settings

Outcome = Literal["ok", "settings", "password", "subdomain", "permission", "down", "failed"]

QUICK = ("companies", "customers", "creditors", "enterprises")
"""Tables that the quick test tries, since almost every API user may read one of them."""

COST = 100
"""Requests that asking for every permission costs at most: one for each table."""

PATIENCE = 300

MEANING: tuple[tuple[Outcome, str], ...] = (
    ("settings", r"(?:Falta a configuração|Configuração) \w+:.*"),
    ("password", r"O Sienge recusou o usuário ou a senha.*"),
    ("permission", r"Nenhum recurso pôde ser lido.*\((?:403|405)\).*"),
    ("subdomain", r"Nenhum recurso pôde ser lido.*\(404\).*"),
    ("down", r"Não consegui falar com.*|Não foi possível ler:"),
)
"""How the tap says what is wrong, the surest first."""


DOWN = (
    "O Sienge respondeu com erro a todas as consultas do teste: deve estar fora do ar. Tente de "
    "novo daqui a alguns minutos."
)


@dataclass(frozen=True)
class Answer:
    """What a check found."""

    outcome: Outcome
    message: str
    readable: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def meltano(
    settings: Settings, env: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of Meltano to its end."""
    return _run(settings, env, [*settings.meltano, *arguments])


def _run(
    settings: Settings, env: Mapping[str, str], command: list[str]
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=settings.project,
            env=quiet(env),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ProblemError(
            f"O Sienge não respondeu em {PATIENCE // 60} minutos: tente de novo mais tarde."
        ) from None
    except OSError as error:
        raise ProblemError(f"Não consegui rodar {command[0]}: {error.strerror}.") from None


def quiet(env: Mapping[str, str]) -> dict[str, str]:
    """Let Meltano say only what a person can read."""
    return {
        "MELTANO_CLI_LOG_FORMAT": "uncolored",
        "PYTHONWARNINGS": "ignore::ResourceWarning",
        **env,
        "NO_COLOR": "1",
        "COLUMNS": "1000",
    }


def tap(
    settings: Settings, env: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the tap itself, without the catalog that Meltano's last run left to it."""
    program = settings.project / ".meltano/extractors/tap-sienge/venv/bin/tap-sienge"
    return _run(settings, env, [str(program), "--config=ENV", *arguments])


def validate(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Let the tap look at its settings, without a request."""
    return _answer(tap(settings, env, "--test=schema"))


def connect(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Ask for one record, at the cost of a few requests.

    Without ``sync_log``: any record counts as success, also one that tells of failures.
    """
    tried = {
        choice.SELECT: json.dumps([f"{table}.*" for table in QUICK]),
        "TAP_SIENGE_MAX_CONNECTIONS": "1",
        "TAP_SIENGE_MAX_RETRIES": "1",
    }
    return _answer(meltano(settings, {**env, **tried}, "config", "test", "tap-sienge"))


def permissions(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Ask for one record of every table."""
    done = tap(settings, env, "--test")
    answer = _answer(done)
    readable, refused = _listed(done.stderr, "completo"), _listed(done.stderr, "indisponível")
    return Answer(answer.outcome, answer.message, readable, refused)


COST_LINE = re.compile(r"^([a-z]\w+) +\d+ +\d+ +(\d+)(?:  .*)?$", re.MULTILINE)


def estimate(settings: Settings, env: Mapping[str, str], preset: str) -> dict[str, int]:
    """Let the tap reckon the requests a day of a preset's tables, at one request for each.

    Raises:
        ProblemError: It could not.
    """
    done = tap(settings, env, f"--estimate={preset}")
    if done.returncode:
        raise ProblemError(_answer(done).message)
    return {table: int(daily) for table, daily in COST_LINE.findall(done.stdout)}


def _listed(said: str, label: str) -> list[str]:
    found = re.findall(rf"\b{label}: (.*)", said)
    return found[-1].split(", ") if found else []


def _answer(done: subprocess.CompletedProcess[str]) -> Answer:
    if not done.returncode:
        return Answer("ok", "Conexão feita: o Sienge respondeu.")
    for outcome, pattern in MEANING:
        if found := re.search(pattern, done.stderr):
            return Answer(outcome, DOWN if found[0].endswith(":") else found[0].strip())
    lines = [line for line in done.stderr.splitlines() if line and "melta.no" not in line]
    return Answer("failed", lines[-1] if lines else "O teste falhou sem dizer por quê.")
