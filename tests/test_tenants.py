"""Many tenants on one PostgreSQL: what is made for each, a run, and how fresh all are."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml
from sienge_simulator.testing import UNLIMITED, USER

from demo.postgres import Postgres
from deploy.run import environment
from deploy.tenants import File
from testing.pipeline import ROOT
from testing.simulator import SUBDOMAIN, running_simulator
from tests.charts import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.tenants import Tenant

ODD = "Grupo.Norte"
MANAGER = "senha do gestor: @/?#"


class Tenants:
    """A tenants' file, a server that a manager who is no superuser governs, and the commands."""

    def __init__(self, server: Postgres, folder: Path, settings: dict[str, Any]) -> None:
        self.server, self.folder = server, folder
        self.port = urlsplit(server.url).port
        self.path = write(
            folder / "empresas.yaml",
            {SUBDOMAIN: {}, ODD: {}, "parada": {"schedule": "0 3 * * *"}},
            database={"host": "127.0.0.1", "port": self.port, "sslmode": "disable"},
            defaults={"env": settings},
        )
        self.secrets = folder / "segredos"

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.server.psql.parent}:{os.environ['PATH']}"
        env = os.environ | {"PGUSER": "gestor", "PGPASSWORD": MANAGER, "PATH": path}
        program = [sys.executable, "-m", "deploy", command, str(self.path), *arguments]
        return subprocess.run(
            program, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )

    def create(self) -> str:
        done = self.run("cria", f"--segredos={self.secrets}")
        assert done.returncode == 0, done.stderr
        for secret in self.secrets.glob("*/*password"):
            assert secret.read_text() not in done.stdout + done.stderr
        assert MANAGER not in done.stdout + done.stderr
        return done.stdout

    def tenant(self, subdomain: str) -> Tenant:
        return File.read(self.path).tenant(subdomain)

    def password(self, subdomain: str, name: str) -> str:
        return (self.secrets / self.tenant(subdomain).secret / name).read_text()

    def login(self, subdomain: str, database: str, *, reader: bool = False) -> Any:  # noqa: ANN401
        tenant = self.tenant(subdomain)
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=tenant.reader if reader else tenant.user,
            password=self.password(subdomain, f"{'leitura' if reader else 'carga'}-password"),
            autocommit=True,
        )

    def rows(self) -> dict[str, str]:
        """Give the lines of the table, by company."""
        done = self.run("situacao")
        lines = done.stdout.splitlines()
        assert lines, done.stderr
        assert lines[0].split("  ")[0] == "empresa"
        found = {line.split("  ")[0]: line for line in lines[1:]}
        assert done.returncode == int(any(not line.endswith("em dia") for line in found.values()))
        return found


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    folder = tmp_path_factory.mktemp("empresas")
    server = Postgres(folder, durable=False)
    try:
        with server, running_simulator(*UNLIMITED) as simulator:
            with psycopg.connect(server.url, autocommit=True) as owner:
                owner.execute("create role gestor login createrole createdb")
                owner.execute(f"alter role gestor password '{MANAGER}'".encode())
            settings = {
                "TAP_SIENGE_API_URL": simulator.config["api_url"],
                "TAP_SIENGE__SELECT": ["companies.*", "departments.*", "sync_log.*"],
            }
            yield Tenants(server, folder, settings)
    finally:
        server.remove()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_runs_make_the_same(tenants: Tenants) -> None:
    said = tenants.create()
    assert f"{ODD}: banco grupo_norte__" in said
    assert said.count("(criado)") == 3
    assert said.count("faltam as credenciais do Sienge") == 3
    first = contents(tenants.secrets)
    assert len({found for name, found in first.items() if name.endswith("password")}) == 6
    for subdomain, credentials in ((SUBDOMAIN, USER), (ODD, ("api: á", "se'nha \\ $x"))):
        folder = tenants.secrets / tenants.tenant(subdomain).secret
        for name, value in zip(("username", "password"), credentials, strict=True):
            (folder / name).write_text(value + "\n")

    said = tenants.create()
    assert "(criado)" not in said
    assert said.count("faltam as credenciais do Sienge") == 1
    second = contents(tenants.secrets)
    assert {n: v for n, v in first.items() if n != "kubernetes.yaml"}.items() <= second.items()
    assert tenants.create() == said
    assert contents(tenants.secrets) == second
    for path in tenants.secrets.rglob("*-password"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert (tenants.secrets / "kubernetes.yaml").stat().st_mode & 0o777 == 0o600
    assert all(
        p.stat().st_mode & 0o777 == 0o700 for p in [tenants.secrets, *tenants.secrets.rglob("*/")]
    )

    secrets = {
        s["metadata"]["name"]: s["data"] for s in yaml.safe_load_all(second["kubernetes.yaml"])
    }
    name = tenants.tenant(ODD).secret
    assert secrets.keys() == {name, f"sienge-{SUBDOMAIN}"}
    assert {key: base64.b64decode(value).decode() for key, value in secrets[name].items()} == {
        "username": "api: á",
        "password": "se'nha \\ $x",
        "carga-password": tenants.password(ODD, "carga-password"),
    }


def test_a_company_is_alone_in_its_database(tenants: Tenants) -> None:
    tenants.create()
    own, other = (tenants.tenant(subdomain).database for subdomain in (SUBDOMAIN, ODD))
    with tenants.login(SUBDOMAIN, own) as connection:
        connection.execute("create table sienge.teste as select 42 as valor")
    try:
        with tenants.login(SUBDOMAIN, own, reader=True) as connection:
            assert connection.execute("select valor from sienge.teste").fetchone() == (42,)
            connection.execute("set default_transaction_read_only = off")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table sienge.outra ()")
    finally:
        with tenants.login(SUBDOMAIN, own) as connection:
            connection.execute("drop table sienge.teste")
    for reader in (False, True):
        with pytest.raises(psycopg.OperationalError, match="CONNECT"):
            tenants.login(SUBDOMAIN, other, reader=reader)


def test_what_postgresql_refuses_is_said_without_a_password(tenants: Tenants) -> None:
    with psycopg.connect(tenants.server.url, autocommit=True) as owner:
        owner.execute("alter role gestor nocreaterole")
        try:
            (tenants.secrets / "sienge-parada" / "carga-password").unlink(missing_ok=True)
            done = tenants.run("cria", f"--segredos={tenants.secrets}")
        finally:
            owner.execute("alter role gestor createrole")
    assert done.returncode == 1
    assert "os papéis não puderam ser criados" in done.stderr
    assert "Traceback" not in done.stderr
    for secret in tenants.secrets.glob("*/*password"):
        assert secret.read_text().strip() not in done.stdout + done.stderr


def test_a_run_on_this_machine_and_how_fresh_it_leaves_the_data(tenants: Tenants) -> None:
    tenants.create()
    for name, value in zip(("username", "password"), USER, strict=True):
        (tenants.secrets / f"sienge-{SUBDOMAIN}" / name).write_text(value)
    assert tenants.rows()[SUBDOMAIN].endswith("ainda sem dados")
    folders = [f"--segredos={tenants.secrets}", f"--andamento={tenants.folder / 'andamento'}"]
    done = tenants.run("sincroniza", SUBDOMAIN, "--so=carga", *folders)
    assert done.returncode == 0, done.stderr[-5000:]
    assert tenants.password(SUBDOMAIN, "carga-password") not in done.stdout + done.stderr
    with tenants.login(SUBDOMAIN, tenants.tenant(SUBDOMAIN).database, reader=True) as reader:
        ((companies,),) = reader.execute("select count(*) from sienge.companies").fetchall()
    assert companies > 0
    rows = tenants.rows()
    assert rows[SUBDOMAIN].endswith("em dia")
    today = datetime.now(ZoneInfo("America/Sao_Paulo"))
    assert f"{today:%d/%m/%Y}" in rows[SUBDOMAIN]
    assert re.search(r" 2 +0 ", rows[SUBDOMAIN])

    file = File.read(tenants.path)
    tenant = file.tenant(SUBDOMAIN)
    state = tenants.folder / "andamento" / tenant.name
    env = environment(file, tenant, tenants.secrets / tenant.secret, state)
    command = ["meltano", "invoke", "dbt", "run", "--select", "+dim_empresa"]
    built = subprocess.run(
        [Path(sys.executable).parent / command[0], *command[1:]],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, "the role that loads builds the models: " + built.stdout[-3000:]
    with tenants.login(SUBDOMAIN, tenant.database, reader=True) as reader:
        count = "select count(*) from marts.dim_empresa"
        assert reader.execute(count).fetchone() == (companies,)

    (tenants.secrets / tenants.tenant("parada").secret / "password").unlink(missing_ok=True)
    done = tenants.run("sincroniza", "parada", *folders)
    assert done.returncode == 1
    assert "Não consegui ler o segredo em" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_late_or_has_failed_comes_first(tenants: Tenants) -> None:
    tenants.create()
    now = datetime.now(ZoneInfo("America/Sao_Paulo")).replace(tzinfo=None, microsecond=0)
    with tenants.login("parada", "parada") as database:
        database.execute(
            "create table sienge.sync_log (run_id text, stream text, status text, "
            "started_at timestamp, finished_at timestamp)"
        )

        def log(stream: str, status: str, at: datetime) -> None:
            row = [stream, status, at, at + timedelta(minutes=1)]
            database.execute("insert into sienge.sync_log values ('x', %s, %s, %s, %s)", row)

        log("antiga_que_ninguem_mais_le", "ok", now - timedelta(90))
        log("bills", "ok", now - timedelta(5))
        log("customers", "ok", now - timedelta(2))
        assert tenants.rows()["parada"].endswith("atrasada")
        log("bills", "failed", now)
        log("customers", "ok", now)
        log("hooks", "skipped", now)
        log("units", "postponed", now)
        failed = tenants.rows()["parada"]
        assert failed.endswith("com falhas")
        assert "nunca (1)" in failed
        log("units", "ok", now + timedelta(seconds=1))
        failed = tenants.rows()["parada"]
        assert f"{now - timedelta(5) + timedelta(minutes=1):%d/%m/%Y %H:%M}" in failed
        assert re.search(r" 3 +1 ", failed)
        log("bills", "ok", now + timedelta(seconds=1))
        rows = tenants.rows()
        assert list(rows)[-1] == "parada", "what needs care comes first"
        assert rows["parada"].endswith("em dia")
    with psycopg.connect(tenants.server.url, autocommit=True) as owner:
        owner.execute("alter database parada allow_connections false")
        assert "sem resposta: " in tenants.rows()["parada"]
        owner.execute("alter database parada allow_connections true")
