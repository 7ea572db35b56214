"""The embedded PostgreSQL of the demonstration and the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from demo import postgres as module
from demo.postgres import Postgres, PostgresError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """Give a server that has not started yet, and no trace of it afterwards."""
    server = Postgres(tmp_path, durable=False)
    yield server
    server.remove()
    assert not server.home.exists()


def ask(server: Postgres, query: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]


def port_of(server: Postgres) -> int:
    return urlsplit(server.url).port or 0


def test_answers_only_while_it_runs(server: Postgres) -> None:
    assert not server.running
    with server:
        assert server.running
        assert ask(server, "select current_database()") == "sienge"
        assert ask(server, "select current_user") == "sienge"
    assert not server.running
    assert server.pid is None


def test_data_and_address_survive_a_restart(server: Postgres) -> None:
    with server:
        before = server.url
        ask(server, "create table kept as select 42 as answer")
    with server:
        assert server.url == before
        assert ask(server, "select answer from kept") == 42


def test_starting_twice_is_one_server(server: Postgres) -> None:
    with server:
        pid = server.pid
        assert server.start().pid == pid


def test_starts_after_being_killed(server: Postgres) -> None:
    server.start()
    ask(server, "create table kept as select 42 as answer")
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    with server:
        assert ask(server, "select answer from kept") == 42


def test_pid_file_that_names_another_process(server: Postgres) -> None:
    server.start().stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    server.stop()
    with server:
        assert server.running


def test_takes_another_port_when_its_own_is_taken(server: Postgres) -> None:
    server.start().stop()
    taken = port_of(server)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        with server:
            assert port_of(server) != taken


def test_listens_on_loopback_only_and_wants_the_password(server: Postgres) -> None:
    with server:
        assert ask(server, "show listen_addresses") == "127.0.0.1"
        assert ask(server, "show unix_socket_directories") == ""
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://sienge:outra@127.0.0.1:{port_of(server)}/sienge")


def test_two_directories_are_two_servers(server: Postgres, tmp_path: Path) -> None:
    other = Postgres(tmp_path / "outra", durable=False)
    try:
        with server, other:
            assert server.url != other.url
            assert server.pid != other.pid
    finally:
        other.remove()


def test_package_in_a_private_folder_with_a_space(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = module.package()
    private = tmp_path / "pasta com espaço"
    for name in (f"{installed.name}/{server.version}", f"{installed.name}.libs"):
        if (installed.parent / name).exists():
            shutil.copytree(installed.parent / name, private / name)
    private.chmod(0o700)
    monkeypatch.setattr(module, "package", lambda: private / installed.name)
    with server:
        assert ask(server, "select 1") == 1


def test_refuses_a_directory_of_somebody_else(server: Postgres, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    server.home.symlink_to(theirs)
    with pytest.raises(PostgresError, match="outro usuário"):
        server.start()
    server.home.unlink()


def test_tells_why_it_does_not_start(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    server.start().stop()
    monkeypatch.setattr(module, "ATTEMPTS", 1)
    (server.data / "postgresql.conf").write_text("inexistente = 1\n")
    with pytest.raises(PostgresError, match="inexistente"):
        server.start()
