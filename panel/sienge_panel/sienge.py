"""The tap's own checks, in its words for programs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast, get_args

from sienge_panel.answers import Answer, Outcome
from sienge_panel.causes import FEW, choice
from sienge_panel.choice import title
from sienge_panel.credentials import labelled
from sienge_panel.followed import tap_end
from sienge_panel.known_causes import KNOWN
from sienge_panel.problem import ProblemError
from sienge_panel.runner import PROGRESS_FILE, quiet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sienge_panel.settings import Settings

QUICK = ("companies", "customers", "creditors", "enterprises")
"""Tables that the quick test tries, since almost every API user may read one of them."""

COST = 100
"""Requests that asking for every permission costs at most: one for each table."""

PATIENCE = 300

QUIET = {"TAP_SIENGE_MAX_CONNECTIONS": "1", "TAP_SIENGE_MAX_RETRIES": "1"}

MAINTENANCE = "maintenance"
"""The tap's word for a Sienge that answers nothing but 503."""

CONNECTED = "Conexão feita: o Sienge respondeu."

SENTENCES = {
    "quota": "A cota de requisições do dia acabou, e o teste não pôde ser feito: tente amanhã, ou "
    "informe o Plano do Sienge certo.",
    "busy": "Há uma sincronização em andamento: espere que termine e teste de novo.",
    "failed": "O teste não chegou ao fim. Tente de novo; se continuar assim, sincronize e veja o "
    "registro em Execuções.",
    "maintenance": "O Sienge está em manutenção (503), o que é comum de madrugada: teste de novo "
    "mais tarde.",
    "down": KNOWN["down"].sentence,
}
"""What a test says where a run says something else."""


def ask(project: Path, env: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run the tap itself, without the catalog that Meltano's last run left to it.

    Returns:
        Its verdict.
    """
    program = project / ".meltano/extractors/tap-sienge/venv/bin/tap-sienge"
    return _verdict(project, env, [str(program), "--config=ENV", *arguments])


def _verdict(project: Path, env: Mapping[str, str], command: list[str]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        progress = Path(folder, "progress")
        return _answered(project, {**env, PROGRESS_FILE: str(progress)}, command, progress)


def _answered(
    project: Path, env: Mapping[str, str], command: list[str], progress: Path
) -> dict[str, Any]:
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
    except ValueError:  # Meltano ended, or the tap when Meltano asked for its streams
        if ended := tap_end(progress):
            return {**ended, "streams": {}}
        if said := choice(done.stderr):
            return {"code": "settings", "sentence": said, "streams": {}}
        raise ProblemError(
            "O programa que lê o Sienge não pôde ser iniciado: confira a instalação (make install) "
            "e tente de novo."
        ) from None
    return verdict


def _answer(verdict: dict[str, Any]) -> Answer:
    """Give the tap's word with our own sentence, which says what to do on this page."""
    code = verdict["code"]
    word = "down" if code == MAINTENANCE else code
    outcome = cast("Outcome", word if word in get_args(Outcome) else "failed")
    unreached = code == "down" and not verdict["streams"]  # it ended before any was answered
    if code == "settings" or unreached:  # what the tap says is more exact than the code
        return Answer(outcome=outcome, message=labelled(verdict["sentence"]))
    known = KNOWN.get(code)
    message = SENTENCES.get(code) or (known.sentence if known else CONNECTED)
    return Answer(outcome=outcome, message=message)


def validate(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Let the tap look at its settings, without a request."""
    return _answer(ask(settings.project, env, "--test=schema"))


def connect(settings: Settings, env: Mapping[str, str]) -> Answer:
    """Ask for one record of each of a few tables; one that can be read is enough.

    Through Meltano, with all settings that a run has.
    """
    command = [*settings.meltano, "invoke", "tap-sienge", "--test", f"--only={','.join(QUICK)}"]
    verdict = _verdict(settings.project, {**env, **QUIET}, command)
    readable, refused = _sorted(verdict)
    if not readable:
        return _answer(verdict)
    tables = {"readable": readable, "refused": refused}
    message = f"{CONNECTED} {_refused(refused)}" if refused else CONNECTED
    return Answer(outcome="ok", message=message, **tables)


def permissions(
    settings: Settings, env: Mapping[str, str], tables: Sequence[str] = ()
) -> tuple[Answer, dict[str, Any]]:
    """Ask for one record of every table, or of some; give also what was found out of each."""
    only = [f"--only={','.join(tables)}"] if tables else []
    verdict = ask(settings.project, env, "--test", *only)
    readable, refused = _sorted(verdict)
    found = {"readable": readable, "refused": refused}
    answer = _answer(verdict).model_copy(update=found)
    if readable or verdict["code"] in {"permission", "subdomain"}:
        count = len(readable) + len(refused)
        message = f"O usuário de API pode ler {len(readable)} de {count} tabelas."
        more = f" {_refused(refused)}" if refused else ""
        answer = answer.model_copy(update={"outcome": "ok", "message": message + more})
    return answer, verdict["streams"]


def _refused(tables: Sequence[str]) -> str:
    named = ", ".join(map(title, tables[:FEW]))
    more = f" e mais {len(tables) - FEW}" if len(tables) > FEW else ""
    return f"Sem permissão: {named}{more}."


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
