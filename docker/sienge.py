#!/app/.venv/bin/python
"""What the containers do: `sienge agenda | sincroniza [--na-hora] | saude | ambiente [demo] | …`.

`ambiente` writes an `.env` to standard output; anything else is a command to run.

Settings come from the environment; each may instead be a file named by its ``…_FILE`` variable.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote
from uuid import uuid4

from sienge_panel import disk, last, maintenance
from sienge_panel.last import now
from sienge_panel.runner import TRIGGER, BusyError, Runner
from sienge_panel.settings import ProblemError, Settings, database, variable

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = Path("/app")
FOLDER = Path("/var/lib/sienge")
"""The volume: the last run, the lock, and the tap's count of requests."""

LAST = FOLDER / "ultima.json"
CREDENTIALS = ("TAP_SIENGE_SUBDOMAIN", "TAP_SIENGE_USERNAME", "TAP_SIENGE_PASSWORD")
SECRETS = ("TAP_SIENGE_", "TARGET_POSTGRES_", "CARGA_", "PANEL_")
PATIENCE = timedelta(minutes=2)
"""How long PostgreSQL may take to come back, as after the server's own restart."""


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


def check_database(env: Mapping[str, str]) -> None:
    """Wait for PostgreSQL.

    Raises:
        ProblemError: It refuses the password, or does not answer.
    """
    import psycopg

    host, port = env["TARGET_POSTGRES_HOST"], env["TARGET_POSTGRES_PORT"]
    deadline = datetime.now() + PATIENCE
    while True:
        try:
            psycopg.connect(
                host=host,
                port=port,
                user=env["TARGET_POSTGRES_USER"],
                password=env["TARGET_POSTGRES_PASSWORD"],
                dbname=env["TARGET_POSTGRES_DATABASE"],
                connect_timeout=10,
            ).close()
        except psycopg.OperationalError as error:  # noqa: PERF203
            if "password" in str(error):
                raise ProblemError(
                    f"O PostgreSQL recusou a senha do usuário {env['TARGET_POSTGRES_USER']}: "
                    "confira CARGA_PASSWORD e rode make up, que põe a mesma senha nos dois lados."
                ) from None
            if datetime.now() > deadline:
                reason = str(error).strip().splitlines()[-1]
                raise ProblemError(
                    f"Não consegui falar com o PostgreSQL em {host}:{port}: {reason}."
                ) from None
            time.sleep(2)
        else:
            return


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


def complete(given: dict[str, str], *, only_when_due: bool = False) -> dict[str, str] | None:
    """Give the environment of a run, with what was chosen in the panel; None: it is not the hour.

    Raises:
        ProblemError: What the panel keeps cannot be read.
    """
    from sienge_panel import schedule
    from sienge_panel.environment import for_child
    from sienge_panel.vault import Vault

    env = settings(given)
    if not env.get("PANEL_KEY"):
        return env
    check_database(env)
    found = Settings.read(env)
    vault = Vault(found)
    if only_when_due and not schedule.due(found, vault):
        return None
    return for_child(found, vault)


def synchronise(given: dict[str, str], *, only_when_due: bool = False) -> int:
    """Run once, if there is something to run and nobody else does; note how it ended.

    Raises:
        ProblemError: The run could not begin.
    """
    begun = now()
    if only_when_due:
        given = given | {TRIGGER: "schedule"}
    try:
        code = attempt(given, only_when_due=only_when_due)
        tries = maintenance.TRIES if code and only_when_due else 0
        waited = False
        while tries and maintenance.nothing_read(
            database(settings(given)), datetime.fromisoformat(begun)
        ):
            if maintenance.lasts(APP, complete(given) or given, waited=waited):
                later = datetime.now() + maintenance.pause(given)
                say(f"O Sienge está em manutenção (503): pergunto de novo às {later:%H:%M}.")
                time.sleep(maintenance.pause(given).total_seconds())
                tries, waited = tries - 1, True
            elif waited:
                begun, waited = now(), False
                code = attempt(given, only_when_due=False)
            else:
                break
        return code
    except Exception as error:
        reason = str(error) if isinstance(error, ProblemError) else f"Erro inesperado: {error!r}."
        last.write(LAST, {"inicio": begun, "fim": now(), "falha": reason})
        raise


def attempt(given: dict[str, str], *, only_when_due: bool) -> int:
    """Do what there is to do.

    Raises:
        ProblemError: The run could not begin.
    """
    env = complete(given, only_when_due=only_when_due)
    if env is None:
        return 0
    if not any(env.get(name) for name in CREDENTIALS):
        say(
            "Aviso: nada a sincronizar: faltam as credenciais do Sienge. Informe-as no painel, ou "
            f"{', '.join(CREDENTIALS)} no arquivo .env, e rode make up."
        )
        return 0
    try:
        lock = the_runner().claim()
    except BusyError:
        say("Já há uma sincronização em andamento: acompanhe com make logs.")
        return 0
    with lock:
        noted = {"inicio": now()}
        # Until this one has ended, what the one before came to.
        last.write(LAST, noted | {"falha": last.read(LAST).get("falha", "")})
        check_database(env)
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


def overdue() -> bool:
    """Whether a run was cut off or missed, as when the server was off at two in the morning."""
    ended = last.read(LAST).get("fim")
    return not ended or datetime.fromisoformat(ended) < datetime.now().astimezone() - timedelta(1)


def schedule(env: dict[str, str]) -> NoReturn:
    """Become supercronic; catch up at once with what is overdue.

    Raises:
        ProblemError: The schedule is none.
    """
    asked = "0,30 * * * *" if env.get("PANEL_KEY") else "0 2 * * *"
    when = env.get("SYNC_CRON") or asked
    crontab = Path("/tmp/crontab")  # noqa: S108, a file system of this container alone
    crontab.write_text((APP / "crontab").read_text(encoding="utf-8").replace("$SYNC_CRON", when))
    if subprocess.run(
        ["supercronic", "-test", crontab], capture_output=True, check=False
    ).returncode:
        raise ProblemError(
            f"SYNC_CRON: esperado um horário no formato do cron, como 0 2 * * *, mas veio {when!r}."
        )
    told = when if env.get("SYNC_CRON") else "nos horários escolhidos no painel, ou às 02:00"
    say(f"Sincronização agendada: {told} ({env.get('TZ')}).")
    if env.get("SYNC_ON_START", "true") == "true" and overdue():
        late = f"{TRIGGER}=schedule sienge sincroniza &"
        subprocess.run(["sh", "-c", late], check=True)  # an orphan, reaped by init
    if env.get("PANEL_KEY"):  # so that the panel knows of this schedule before its first question
        ask = "sienge sienge-panel exec --na-hora -- true 2> /dev/null &"
        subprocess.run(["sh", "-c", ask], check=True)
    os.execvp(
        "supercronic", ["supercronic", "-quiet", "-no-reap", "-passthrough-logs", str(crontab)]
    )


def health() -> int:
    """Fail as long as the last run that ended did."""
    failure = last.read(LAST).get("falha", "")
    print(failure or "A última sincronização terminou bem, ou ainda não houve nenhuma.")
    return 1 if failure else 0


def main() -> int:
    """Do what the first argument says."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    command, env = sys.argv[1:], dict(os.environ)
    try:
        if command == ["agenda"]:
            schedule(env)
        if command[:1] == ["sincroniza"]:
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
