#!/app/.venv/bin/python
"""What the containers do: `sienge agenda | sincroniza [--na-hora | --rodada] | saude | …`.

`ambiente [demo]` writes an `.env` to standard output; anything else is a command to run.

Settings come from the environment; each may instead be a file named by its ``…_FILE`` variable.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import uuid4

from sienge_panel import agenda, disk, last, maintenance, waiting
from sienge_panel.last import now
from sienge_panel.pipeline import ROUND_ONLY
from sienge_panel.problem import ProblemError
from sienge_panel.runner import ROUND, TRIGGER, WHOLE, BusyError, Runner
from sienge_panel.settings import Settings
from sienge_panel.variables import database, variable

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = Path("/app")
FOLDER = Path("/var/lib/sienge")
"""The volume: the last run, the lock, and the tap's count of requests."""

LAST, LAST_ROUND = FOLDER / "ultima.json", FOLDER / "rodada.json"
CREDENTIALS = ("TAP_SIENGE_SUBDOMAIN", "TAP_SIENGE_USERNAME", "TAP_SIENGE_PASSWORD")
SECRETS = ("TAP_SIENGE_", "TARGET_POSTGRES_", "CARGA_", "PANEL_")
ROUND_LASTS = 600
"""Seconds that a scheduled reading of everything waits for a round to end."""


def say(text: str) -> None:
    """Print with the time, like Meltano's own lines."""
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}", file=sys.stderr, flush=True)


def settings(given: Mapping[str, str]) -> dict[str, str]:
    """Give the environment for Meltano: files of secrets read, the database filled in.

    Raises:
        ProblemError: A file of a secret cannot be read.
    """
    env = dict(given)
    for twin in given:
        name = twin.removesuffix("_FILE")
        if name != twin and name.startswith(SECRETS) and given[twin]:
            env[name] = variable({twin: given[twin]}, name)
    host, port = env.get("DB_HOST") or "db", env.get("DB_PORT") or "5432"
    name, user = env.get("DB_NAME") or "sienge", env.get("CARGA_USER") or "carga"
    password = env.get("CARGA_PASSWORD", "")
    address = f"{user}:{quote(password, safe='')}@{host}:{port}/{name}"
    return env | {
        "TARGET_POSTGRES_HOST": host,
        "TARGET_POSTGRES_PORT": port,
        "TARGET_POSTGRES_USER": user,
        "TARGET_POSTGRES_PASSWORD": password,
        "TARGET_POSTGRES_DATABASE": name,
        "MELTANO_DATABASE_URI": f"postgresql+psycopg://{address}?options=-csearch_path%3Dmeltano",
    }


def check_disk(env: Mapping[str, str]) -> None:
    """Look before the run.

    Raises:
        ProblemError: There is little room.
    """
    if problem := disk.lacking(database(env), FOLDER):
        raise ProblemError(problem)


def run(env: Mapping[str, str], lock: int) -> int:
    """Read Sienge into PostgreSQL, then build the models; give the first exit code but 0.

    The panel shows what is said, and can cancel it.
    """
    runner, run_id = the_runner(), str(uuid4())
    runner.prepare(run_id)
    return runner.run(run_id, env, lock, lambda line: print(line, file=sys.stderr, flush=True))


def the_runner() -> Runner:
    """Give what runs Meltano here, with the same files as the panel's."""
    return Runner(APP, Path(os.environ["PANEL_LOGS"]), FOLDER / "lock")


def asked(given: dict[str, str]) -> str:
    """Give what it is time for, as planned in the panel: a run's trigger, or nothing.

    Raises:
        ProblemError: What the panel keeps cannot be read.
    """
    env = settings(given)
    if not env.get("PANEL_KEY"):
        return WHOLE
    waiting.for_database(env)
    return agenda.due(env)


def complete(given: dict[str, str]) -> dict[str, str]:
    """Give the environment of a run, with what was chosen in the panel.

    Raises:
        ProblemError: What the panel keeps cannot be read.
    """
    from sienge_panel.environment import for_child, for_round
    from sienge_panel.vault import Vault

    env = settings(given)
    in_round = env.get(TRIGGER) == ROUND
    if not env.get("PANEL_KEY"):
        return env | ({ROUND_ONLY: "true"} if in_round else {})
    waiting.for_database(env)
    found = Settings.read(env)
    return (for_round if in_round else for_child)(found, Vault(found))


def ask(given: dict[str, str]) -> str:
    """Give what it is time for; what kept it from asking is told until it can again.

    Raises:
        ProblemError: What the panel keeps cannot be read.
    """
    noted = last.read(LAST)
    try:
        trigger = asked(given)
    except Exception as error:
        before = {"antes": noted.get("falha", "")}
        last.write(LAST, before | noted | {"inicio": now(), "falha": why(error)})
        raise
    if "antes" in noted:
        last.write(LAST, noted | {"falha": noted.pop("antes")})
    return trigger


def why(error: Exception) -> str:
    """Say what is wrong."""
    return str(error) if isinstance(error, ProblemError) else f"Erro inesperado: {error!r}."


def synchronise(given: dict[str, str], *, only_when_due: bool = False) -> int:
    """Run once, if there is something to run and nobody else does; note how it ended.

    Raises:
        ProblemError: The run could not begin.
    """
    if only_when_due:
        given = given | {TRIGGER: ask(given)}
        if not given[TRIGGER]:
            return 0
    begun, in_round = now(), given.get(TRIGGER) == ROUND
    try:
        if in_round:
            return make_round(given)
        code = attempt(given)
        tries = maintenance.TRIES if code and only_when_due else 0
        waited = False
        while tries and maintenance.nothing_read(
            database(settings(given)), datetime.fromisoformat(begun)
        ):
            if maintenance.lasts(APP, complete(given), waited=waited):
                later = datetime.now() + maintenance.pause(given)
                say(f"O Sienge está em manutenção (503): pergunto de novo às {later:%H:%M}.")
                time.sleep(maintenance.pause(given).total_seconds())
                tries, waited = tries - 1, True
            elif waited:
                begun, waited = now(), False
                code = attempt(given)
            else:
                break
        return code
    except Exception as error:
        note = LAST_ROUND if in_round else LAST
        last.write(note, {"inicio": begun, "fim": now(), "falha": why(error)})
        raise


def attempt(given: dict[str, str]) -> int:
    """Do what there is to do.

    Raises:
        ProblemError: The run could not begin.
    """
    env = complete(given)
    if not any(env.get(name) for name in CREDENTIALS):
        say(
            "Aviso: nada a sincronizar: faltam as credenciais do Sienge. Informe-as no painel, ou "
            f"{', '.join(CREDENTIALS)} no arquivo .env, e rode make up."
        )
        return 0
    try:
        lock = the_runner().claim(ROUND_LASTS if env.get(TRIGGER) == WHOLE else 0)
    except BusyError:
        say("Já há uma sincronização em andamento: acompanhe com make logs.")
        return 0
    with lock:
        noted = {"inicio": now()}
        # Until this one has ended, what the one before came to.
        last.write(LAST, noted | {"falha": last.read(LAST).get("falha", "")})
        waiting.for_database(env)
        check_disk(env)
        say("Sincronização iniciada.")
        code = run(env, lock.fileno())
        reason = (
            f"A sincronização terminou com falhas (código {code}): veja as linhas acima e a "
            "tabela sienge.sync_log."
        )
        say(reason if code else "Sincronização concluída.")
        last.write(LAST, noted | {"fim": now(), "falha": reason if code else ""})
    return code


def make_round(given: dict[str, str]) -> int:
    """Ask only for what changed, unless a run is under way, which brings that too.

    Raises:
        ProblemError: The round could not begin.
    """
    env, begun = complete(given), now()
    if not any(env.get(name) for name in CREDENTIALS):
        return 0
    try:
        lock = the_runner().claim()
    except BusyError:
        return 0
    with lock:
        waiting.for_database(env)
        check_disk(env)
        say("Rodada iniciada.")
        code = run(env, lock.fileno())
    reason = f"A rodada das {begun[11:16]} terminou com falhas (código {code}): veja o registro."
    say(reason if code else "Rodada concluída.")
    last.write(LAST_ROUND, {"inicio": begun, "fim": now(), "falha": reason if code else ""})
    return code


def health() -> int:
    """Fail as long as the last whole run that ended did; of a round, only tell."""
    failure = last.read(LAST).get("falha", "")
    print(failure or "A última sincronização terminou bem, ou ainda não houve nenhuma.")
    if failed := last.read(LAST_ROUND).get("falha"):
        print(failed)
    return 1 if failure else 0


def main() -> int:
    """Do what the first argument says."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    command, env = sys.argv[1:], dict(os.environ)
    try:
        if command == ["agenda"]:
            agenda.begin(env, APP / "crontab", LAST, say)
        if command[:1] == ["sincroniza"]:
            if "--rodada" in command:
                env[TRIGGER] = ROUND
            return synchronise(env, only_when_due="--na-hora" in command)
        if command == ["saude"]:
            return health()
        if command[:1] == ["ambiente"]:
            os.execvp("sh", ["sh", str(APP / "docker" / "env.sh"), "mostra", *command[1:]])
        os.execvpe(command[0], command, settings(env))
    except ProblemError as problem:
        say(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
