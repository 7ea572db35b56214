"""`make demo` and its companions: the whole line, from the simulated API to rows in PostgreSQL."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
from sienge_panel.settings import DOCS
from tap_sienge.streams import presets

from demo.assistant import role
from demo.postgres import Postgres, PostgresError, free_port
from demo.reader import reader
from demo.report import report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".demo"
BIN = Path(sys.executable).parent
START = "2015-01-01"
ASSISTANT = {
    "ASSISTENTE_FICHAS": str(LOGS / "fichas.json"),
    "ASSISTENTE_REGISTRO": str(LOGS / "assistente.jsonl"),
}
"""Where the assistants' server keeps its files, and the panel finds them."""
CREDENTIALS = ("SUBDOMAIN", "USERNAME", "PASSWORD")
READY = re.compile(r"ready at (\S+)")


class DemoError(RuntimeError):
    """Something that the user should read, without a traceback."""


@contextmanager
def simulator(log: Path) -> Iterator[str]:
    """Run the simulated Sienge on a free port and give its address."""
    with log.open("w") as output:
        options = ["--port", "0", "--scale", "demo"]
        program = BIN / "sienge-simulator"
        process = subprocess.Popen([program, *options], stdout=output, stderr=output)
    try:
        yield wait_for(process, log)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(process: subprocess.Popen[bytes], log: Path, seconds: int = 60) -> str:
    """Wait until the simulator says its address."""
    for _ in range(seconds * 20):
        if ready := READY.search(log.read_text()):
            return ready[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise DemoError(f"O simulador do Sienge não iniciou:\n{tail(log)}")


def tail(log: Path, lines: int = 20) -> str:
    """Give the last lines of a log and where the whole of it is."""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([*last, f"O registro completo está em {log.relative_to(ROOT)}."])


def environment(api: str, database: str) -> dict[str, str]:
    """Give Meltano's environment; it also hides what `.env` says of the real Sienge and database.

    Meltano keeps its state in the same database, so that the rows and what it knows of them are
    lost together or not at all.
    """
    url = database.replace("postgresql://", "postgresql+psycopg://")
    place = urlsplit(database)
    return os.environ | {
        "MELTANO_DATABASE_URI": f"{url}?options=-csearch_path%3Dmeltano",
        "MELTANO_CLI_LOG_FORMAT": "uncolored",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "TAP_SIENGE_SUBDOMAIN": "construtora-demo",
        "TAP_SIENGE_USERNAME": "construtora-demo-api",
        "TAP_SIENGE_PASSWORD": "senha-demo",
        "TAP_SIENGE_API_URL": api,
        "TAP_SIENGE_START_DATE": START,
        "TAP_SIENGE_QUOTA_DB": str(LOGS / "quota.db"),
        "TAP_SIENGE__SELECT": json.dumps(
            [f"{name}.*" for name in [*presets()["padrao"], "rejected_rows", "sync_log"]]
        ),
        "TARGET_POSTGRES_SQLALCHEMY_URL": url,
        "TARGET_POSTGRES_HOST": place.hostname or "",
        "TARGET_POSTGRES_PORT": str(place.port),
        "TARGET_POSTGRES_USER": place.username or "",
        "TARGET_POSTGRES_PASSWORD": place.password or "",
        "TARGET_POSTGRES_DATABASE": place.path[1:],
        "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": "sienge",
    }


def sync(api: str, database: str, log: Path) -> None:
    """Read the simulated Sienge once."""
    with psycopg.connect(database) as connection:
        connection.execute("create schema if not exists meltano")
    run(["tap-sienge", "target-postgres"], environment(api, database), log)


def run(blocks: list[str], env: dict[str, str], log: Path) -> None:
    """Run Meltano once; no other demonstration runs, so a run that was killed cannot block it."""
    options = ["--environment=demo", "run", "--force"]
    with log.open("w") as output:
        done = subprocess.run(
            [BIN / "meltano", *options, *blocks],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        raise DemoError(f"meltano run {' '.join(blocks)} falhou:\n{tail(log)}")


@contextmanager
def alone(file: IO[str]) -> Iterator[None]:
    """Refuse to run beside another demonstration of the same project."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DemoError("Outra demonstração está em andamento: espere que termine.") from None
    yield


def demo() -> None:
    """Read the simulated Sienge into PostgreSQL and show what landed."""
    started = time.monotonic()
    LOGS.mkdir(exist_ok=True)
    server = Postgres(ROOT)
    with (LOGS / "lock").open("w") as lock, alone(lock), simulator(LOGS / "simulador.log") as api:
        try:
            server.start()
            role(server)
            say(f"Sienge simulado em {api}")
            say("meltano run tap-sienge target-postgres …")
            sync(api, server.url, LOGS / "meltano.log")
        except BaseException:
            server.stop()
            raise
    say(f"Pronto em {time.monotonic() - started:.1f} s.\n".replace(".", ",", 1))
    say(report(server.url))
    say(f"Banco de dados: {server.url}")
    say('Consulte com: make sql Q="select name from sienge.enterprises limit 5"')
    say("O PostgreSQL continua no ar; para pará-lo: make stop")


def build() -> None:
    """Build the models on what the demonstration landed."""
    LOGS.mkdir(exist_ok=True)
    with (LOGS / "lock").open("w") as lock, alone(lock):
        server = Postgres(ROOT).start()
        role(server)
        say("meltano run dbt:build dbt:docs …")
        run(["dbt:build", "dbt:docs"], environment("", server.url), LOGS / "dbt.log")
        say(f"Documentação dos modelos: {DOCS}")
    say('Pronto. Consulte com: make sql Q="select * from marts.cobertura"')


def panel() -> None:
    """Open the panel on the demonstration's database and a simulated Sienge, until Ctrl-C."""
    LOGS.mkdir(exist_ok=True)
    key = LOGS / "painel.chave"
    if not key.exists():
        made = subprocess.run(
            [BIN / "sienge-panel", "chave"], capture_output=True, text=True, check=True
        )
        key.write_text(made.stdout)
    server = Postgres(ROOT).start()
    with psycopg.connect(server.url) as connection:
        connection.execute("create schema if not exists meltano")
        reading = reader(connection, LOGS / "leitura.senha")
    with simulator(LOGS / "simulador.log") as api:
        env = environment(re.sub(r"/construtora-demo/", "/{subdomain}/", api), server.url)
        told = {f"TAP_SIENGE_{name}": env.pop(f"TAP_SIENGE_{name}") for name in CREDENTIALS}
        del env["TAP_SIENGE__SELECT"]  # chosen in the panel
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        wanted = int(os.environ.get("PANEL_PORT") or 3000)
        port = free_port(wanted)
        if port != wanted:
            say(f"A porta {wanted} está ocupada por outro programa.")
        if not (ROOT / "panel/web/out/index.html").exists():
            say("A página não pôde ser construída: o painel abre sem ela.")
        say(f"Painel em http://127.0.0.1:{port}")
        say(f"Senha do painel: {password}")
        say(f"Credenciais do Sienge simulado: {', '.join(told.values())}")
        say("O PostgreSQL continua no ar depois; para pará-lo: make stop")
        own = ASSISTANT | {
            "PANEL_PASSWORD": password,
            "PANEL_PORT": str(port),
            "PANEL_KEY_FILE": str(key),
            "MELTANO_ENVIRONMENT": "demo",
            "LEITURA_PASSWORD": reading,
        }
        subprocess.run([BIN / "sienge-panel", "serve"], cwd=ROOT, env=env | own, check=False)


def assistant() -> None:
    """Open the server for assistants on the demonstration's database, until Ctrl-C."""
    LOGS.mkdir(exist_ok=True)
    url = role(Postgres(ROOT).start())
    port = free_port(int(os.environ.get("ASSISTENTE_PORT") or 8765))
    env = os.environ | ASSISTANT | {"ASSISTENTE_DATABASE": url, "ASSISTENTE_PORT": str(port)}
    program = BIN / "sienge-mcp"
    name = "demonstração"  # the token of the last time was told the last time
    subprocess.run([program, "ficha", "revoga", name], env=env, check=False, capture_output=True)
    made = subprocess.run(
        [program, "ficha", "cria", name],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    say(f"Servidor MCP em http://127.0.0.1:{port}/mcp, com o cabeçalho")
    say(f"  Authorization: Bearer {made.stdout.strip()}")
    say("No Claude Desktop, em claude_desktop_config.json:")
    config = {"command": str(program), "env": {"ASSISTENTE_DATABASE": url}}
    say(json.dumps({"mcpServers": {"sienge": config}}, indent=2))
    subprocess.run([program, "http"], env=env, check=False)


def sql(query: str) -> None:
    """Print a query's rows, tab-separated, and leave with psql's exit code."""
    if not query.strip():
        raise DemoError('Diga a consulta: make sql Q="select count(*) from sienge.customers"')
    server = Postgres(ROOT).start()
    options = ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run([server.psql, *options, "-c", query, server.url], check=False)
    raise SystemExit(done.returncode)


def stop() -> None:
    """Stop the demonstration's PostgreSQL; its data stay."""
    Postgres(ROOT).stop()
    say("PostgreSQL parado; os dados continuam guardados.")


def clean() -> None:
    """Delete the demonstration's data."""
    Postgres(ROOT).remove()
    say("Dados da demonstração apagados.")


def say(text: str) -> None:
    """Print at once; to nobody, once a reader such as head has seen enough."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> int:
    """Run the command that the Makefile names."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    name, *arguments = sys.argv[1:] or ["demo"]
    commands: dict[str, Callable[..., None]]
    commands = {"demo": demo, "build": build, "panel": panel, "sql": sql}
    commands |= {"assistente": assistant, "stop": stop, "clean": clean}
    with suppress(KeyboardInterrupt):
        try:
            commands[name](*arguments)
        except (DemoError, PostgresError) as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    print("Interrompido.", file=sys.stderr)
    return 130


if __name__ == "__main__":
    sys.exit(main())
