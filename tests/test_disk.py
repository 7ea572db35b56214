"""The room that a run asks for: on the disk of the database, and on that of its own files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from sienge_panel import disk, waiting

from demo.postgres import Postgres
from testing.pipeline import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORDS = {"carga": "senha da carga", "leitura": "senha da leitura"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Give a server that was prepared as the container of the database is, twice."""
    server = Postgres(tmp_path_factory.mktemp("banco"), durable=False)
    with server:
        env = {"POSTGRES_USER": "sienge", "POSTGRES_DB": "sienge", "PATH": os.defpath}
        env |= {f"{role.upper()}_PASSWORD": password for role, password in PASSWORDS.items()}
        script = f"--file={ROOT / 'docker' / 'db' / 'papeis.sql'}"
        command = [str(server.psql), "--quiet", "--set=ON_ERROR_STOP=1", server.url, script]
        for _ in range(2):
            subprocess.run(command, env=env, check=True)
        yield server
    server.remove()


def login(server: Postgres, role: str) -> str:
    port = urlsplit(server.url).port
    password = PASSWORDS[role].replace(" ", "%20")
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/sienge"


def test_the_database_tells_the_disk_of_its_data(server: Postgres) -> None:
    with psycopg.connect(login(server, "carga")) as connection:
        for _ in range(2):  # in one transaction
            asked = "select total, livre from meltano.disco()"
            found = disk.Disk(*(connection.execute(asked).fetchone() or ()))
            assert found.total == shutil.disk_usage(server.data).total
            assert 0 < found.free < found.total
    told = disk.of_database(login(server, "carga"))
    assert told
    assert told.total == found.total


def test_nobody_else_may_ask_and_no_trigger_may_run_as_the_owner(server: Postgres) -> None:
    with (
        psycopg.connect(login(server, "leitura")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("select meltano.disco()")
    with psycopg.connect(login(server, "carga")) as connection:
        connection.execute("create temporary table disco_lido (total bigint, livre bigint)")
        with pytest.raises(psycopg.errors.DuplicateTable):
            connection.execute("select meltano.disco()")


@pytest.mark.parametrize(
    ("total", "free", "enough"),
    [(50e9, 1.1e9, True), (50e9, 0.9e9, False), (5e9, 0.6e9, True), (5e9, 0.4e9, False)],
)
def test_a_small_disk_has_to_have_a_tenth_and_a_large_one_a_gigabyte(
    server: Postgres, tmp_path: Path, total: float, free: float, *, enough: bool
) -> None:
    with psycopg.connect(server.url, autocommit=True) as owner:
        body = f"select {total:.0f}::bigint as total, {free:.0f}::bigint as livre"
        owner.execute("create database pequeno")
        try:
            with psycopg.connect(f"{server.url.rpartition('/')[0]}/pequeno") as small:
                small.execute("create schema meltano")
                small.execute(f"create view meltano.tamanho as {body}".encode())
                small.execute(
                    "create function meltano.disco(out total bigint, out livre bigint) "
                    "language sql as 'select * from meltano.tamanho'"
                )
            told = disk.lacking(f"{server.url.rpartition('/')[0]}/pequeno", tmp_path)
        finally:
            owner.execute("drop database pequeno")
    assert (told == "") == enough
    assert enough or "Disco do banco quase cheio" in told


def lacking_on(megabytes: int, used: int) -> str:
    """Ask about a volume of a size, where no database answers."""
    mounted = "/mnt"
    python = (
        "from pathlib import Path; from sienge_panel import disk; "
        f"Path('{mounted}/x').write_bytes(bytes({used} * 1000000)); "
        f"print(disk.lacking('postgresql://127.0.0.1:1/x', Path('{mounted}')))"
    )
    mount = f'mount -t tmpfs -o size={megabytes}m tmpfs {mounted} && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", mount, "sh", sys.executable, "-c", python]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"aqui não se monta um volume: {done.stderr.strip()[-200:]}")
    return done.stdout.strip()


def test_the_chart_s_own_volume_is_enough() -> None:
    assert lacking_on(100, used=1) == ""
    told = lacking_on(100, used=98)
    assert "Disco de /mnt quase cheio: restam 7 MB, e é preciso ter 10 MB" in told


def test_the_container_asks_before_it_runs(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = spec_from_file_location("sienge", ROOT / "docker" / "sienge.py")
    assert found
    assert found.loader
    container = module_from_spec(found)
    found.loader.exec_module(container)
    monkeypatch.setattr(container, "FOLDER", tmp_path)
    place = urlsplit(server.url)
    env = container.settings(
        {
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(place.port),
            "CARGA_PASSWORD": PASSWORDS["carga"],
        }
    )
    waiting.for_database(env)
    container.check_disk(env)
    monkeypatch.setattr(disk, "of_database", lambda _: disk.Disk(10**11, 10**8))
    with pytest.raises(container.ProblemError, match="Disco do banco quase cheio: restam 100 MB"):
        container.check_disk(env)
