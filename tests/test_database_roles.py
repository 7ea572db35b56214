"""The roles of databases on a server that two managers share, neither with the other's rights."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from demo.postgres import Postgres
from testing.pipeline import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANAGERS = ("norte", "sul")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("roles"), durable=False) as server:
        for name in MANAGERS:
            with psycopg.connect(server.url, autocommit=True) as owner:
                owner.execute(
                    sql.SQL("create role {} login createrole createdb password 'x'").format(
                        sql.Identifier(name)
                    )
                )
            with psycopg.connect(address(server, name, "postgres"), autocommit=True) as manager:
                manager.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield server


def address(server: Postgres, role: str, database: str, password: str = "x") -> str:  # noqa: S107
    known = psycopg.conninfo.conninfo_to_dict(server.url)
    return psycopg.conninfo.make_conninfo(
        host=known["host"], port=known["port"], user=role, password=password, dbname=database
    )


def give_roles(server: Postgres, manager: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the script that the containers and ``make tenants`` run."""
    names = {
        "POSTGRES_USER": manager,
        "POSTGRES_DB": manager,
        "CARGA_USER": f"carga_{manager}",
        "CARGA_PASSWORD": "c",
        "LEITURA_USER": f"leitura_{manager}",
        "LEITURA_PASSWORD": "l",
    }
    script: Path = ROOT / "docker" / "db" / "papeis.sql"
    return subprocess.run(
        [server.psql, "-X", "-q", "--set=ON_ERROR_STOP=1", f"--file={script}",
         address(server, manager, manager)],
        env={"PATH": os.defpath, "LANG": "C.UTF-8"} | names | env,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def test_another_manager_s_role_of_an_assistant_is_left_alone(server: Postgres) -> None:
    for _ in range(2):
        done = give_roles(server, "norte", ASSISTENTE_PASSWORD="a")
        assert (done.returncode, done.stderr) == (0, "")
    for given in ({}, {"ASSISTENTE_PASSWORD": ""}):  # compose gives an empty one
        done = give_roles(server, "sul", **given)
        assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(address(server, "assistente", "norte", "a")) as assistant:
        assert assistant.execute("show statement_timeout").fetchone() == ("30s",)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(address(server, "assistente", "sul", "a"))
    with psycopg.connect(address(server, "leitura_sul", "sul", "l")) as reader:
        assert reader.execute("select 1").fetchone() == (1,)


def test_a_password_for_another_manager_s_role_is_refused_in_one_sentence(server: Postgres) -> None:
    give_roles(server, "norte", ASSISTENTE_PASSWORD="a")
    done = give_roles(server, "sul", ASSISTENTE_PASSWORD="b")
    assert done.returncode
    assert "dê outro nome em ASSISTENTE_USER" in done.stderr
    psycopg.connect(address(server, "assistente", "norte", "a")).close()
    done = give_roles(server, "sul", ASSISTENTE_PASSWORD="b", ASSISTENTE_USER="assistente_sul")
    assert (done.returncode, done.stderr) == (0, "")
    psycopg.connect(address(server, "assistente_sul", "sul", "b")).close()
