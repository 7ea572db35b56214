"""The stack of docker-compose.yml as a user starts it, under a name and on a port of its own."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import requests

from demo.postgres import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
VERSION = "teste"
BASES = ("golang:1.26-trixie", "node:22-trixie-slim", "python:3.13-slim-trixie", "postgres:17")


def docker(*arguments: str, check: bool = True) -> str:
    """Run the client; gives what it printed."""
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, errors="replace", check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0 or not check, said
    return said


def kill_engine() -> None:
    """Kill it with -9, and start it as a service manager would."""
    (pid,) = subprocess.run(["pidof", "dockerd"], capture_output=True, check=True).stdout.split()
    os.kill(int(pid), signal.SIGKILL)
    wait("fim do Docker", lambda: not Path(f"/proc/{int(pid)}").exists())
    if not Path("/run/systemd/system").exists():
        subprocess.Popen(["dockerd"], stdout=-3, stderr=-3, start_new_session=True)

    def answers() -> bool:
        return not subprocess.run(["docker", "info"], capture_output=True, check=False).returncode

    wait("Docker de volta", answers)


def missing() -> str:
    """Say which component the tests lack on this machine, if any."""
    if not shutil.which("docker"):
        return "falta o programa docker"
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        return "falta um Docker em execução (docker info não responde)"
    compose = ["docker", "compose", "version"]
    if subprocess.run(compose, capture_output=True, check=False).returncode and not shutil.which(
        "docker-compose"
    ):
        return "falta o Docker Compose (nem docker compose, nem docker-compose)"
    for image in BASES:
        found = ["docker", "image", "inspect", image]
        if subprocess.run(found, capture_output=True, check=False).returncode:
            pull = subprocess.run(["docker", "pull", "-q", image], capture_output=True, check=False)
            if pull.returncode:
                return f"falta a imagem {image}, e nenhum registro a entrega"
    return ""


def wait(what: str, happened: Callable[[], object], seconds: int = 240) -> None:
    """Wait until something happened."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"não aconteceu em {seconds} s: {what}"
        time.sleep(0.2)


class Stack:
    """A clone of the project with an `.env`, and what a user does with it."""

    def __init__(self, folder: Path) -> None:
        """Copy what git would clone, and write `.env` as `make env DEMO=1` does."""
        self.folder = folder
        self.name = f"sienge-teste-{secrets.token_hex(4)}"
        self.port, self.panel_port = free_port(), free_port()
        tracked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(tracked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for file in filter(None, files.split("\0")):
            if (ROOT / file).is_file():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / file, folder / file)
        self.make("env", "DEMO=1")
        self.set(
            COMPOSE_PROJECT_NAME=self.name,
            POSTGRES_PORT=str(self.port),
            PANEL_PORT=str(self.panel_port),
            SIENGE_VERSION=VERSION,
            SYNC_ON_START="false",
        )

    def make(self, *arguments: str, check: bool = True) -> str:
        """Run a target; gives what it printed."""
        done = subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0 or not check, said[-10000:]
        return said

    @property
    def env(self) -> dict[str, str]:
        """The settings in `.env`."""
        lines = (self.folder / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    def set(self, **settings: str | None) -> None:
        """Change `.env`; None takes a setting out."""
        file = self.folder / ".env"
        lines = [
            line for line in file.read_text().splitlines() if line.split("=")[0] not in settings
        ]
        lines += [f"{name}={value}" for name, value in settings.items() if value is not None]
        file.write_text("\n".join(lines) + "\n")

    def container(self, service: str) -> str:
        """Give the id of a service's container."""
        labels = {"project": self.name, "service": service}
        filters = [f"--filter=label=com.docker.compose.{key}={labels[key]}" for key in labels]
        return (docker("ps", "-aq", *filters).split() or ["nenhum"])[0]

    def state(self, service: str) -> dict[str, Any]:
        """Give what Docker knows of a service's container."""
        found: dict[str, Any] = json.loads(docker("inspect", self.container(service)))[0]
        return found

    def health(self, service: str) -> str:
        """Give what the health check of a service found."""
        return str(self.state(service)["State"]["Health"]["Status"])

    def logs(self, service: str) -> str:
        """Give what a service said since its container was made."""
        return docker("logs", self.container(service))

    def execute(self, service: str, *command: str, check: bool = True) -> str:
        """Run a command in a running container."""
        return docker("exec", self.container(service), *command, check=check)

    def simulator(self, path: str, body: Any = None) -> Any:  # noqa: ANN401
        """Ask or tell the simulator."""
        code = (
            "import sys; from urllib.request import Request, urlopen; "
            "url = 'http://127.0.0.1:8000/_admin' + sys.argv[1]; "
            "print(urlopen(Request(url, sys.argv[2].encode() or None)).read().decode())"
        )
        data = "" if body is None else json.dumps(body)
        return json.loads(self.execute("simulator", "python3", "-c", code, path, data))

    def panel(self) -> Callable[..., requests.Response]:
        """Log in to the panel as the page does; gives what asks it: method, path, JSON."""
        wait("painel saudável", lambda: self.health("panel") == "healthy")
        url, session = f"http://127.0.0.1:{self.panel_port}", requests.Session()
        session.headers["Origin"] = url

        def ask(method: str, path: str, body: Any = None) -> requests.Response:  # noqa: ANN401
            return session.request(method, url + path, json=body, timeout=60)

        password = {"password": self.env["PANEL_PASSWORD"]}
        assert ask("POST", "/api/login", password).status_code == requests.codes.no_content
        return ask

    def connect(
        self, role: str, password: str | None = None, database: str = "sienge"
    ) -> psycopg.Connection[Any]:
        """Log in as a user's program does."""
        variable = {"sienge": "POSTGRES_PASSWORD"}.get(role, f"{role.upper()}_PASSWORD")
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=role,
            password=password or self.env[variable],
            autocommit=True,
        )

    def query(self, sql: str, role: str = "leitura") -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        with self.connect(role) as connection:
            return connection.execute(sql.encode()).fetchall()

    def landed(self, table: str) -> int:
        """Count the rows of a table that are not marked as deleted."""
        sql = f"select count(*) from sienge.{table} where _sdc_deleted_at is null"
        return int(self.query(sql)[0][0])

    def runs(self) -> int:
        """Count the runs that have landed."""
        exists = "select to_regclass('sienge.sync_log') is not null"
        if not self.query(exists)[0][0]:
            return 0
        return int(self.query("select count(distinct run_id) from sienge.sync_log")[0][0])

    def up(self) -> None:
        """Start, or apply `.env`, and wait for the database."""
        self.make("up")
        wait("banco saudável", lambda: self.health("db") == "healthy")

    def start(self, service: str) -> None:
        """Start a service that was killed."""
        docker("start", self.container(service))

    def sentence(self, text: str) -> list[str]:
        """Give the lines of the log of `sync` that hold a text."""
        return [line for line in self.logs("sync").splitlines() if re.search(text, line)]

    def remove(self) -> None:
        """Leave nothing of it."""
        if (self.folder / ".env").exists():
            self.make("down", check=False)
            for volume in docker("volume", "ls", "-q", f"--filter=name={self.name}_").split():
                docker("volume", "rm", volume, check=False)
