"""A database, two roles and the secrets of each tenant: made once, and left as they are after."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import yaml
from psycopg.sql import SQL, Identifier

from deploy.tenants import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.tenants import File, Tenant

ROLES = Path(__file__).parent.parent / "docker" / "db" / "papeis.sql"
GENERATED = ("carga-password", "leitura-password")
GIVEN = ("username", "password")
"""Files that the user writes: the credentials of Sienge's API."""

IN_KUBERNETES = (*GIVEN, "carga-password")
"""What the pod needs; it reads no marts, so it does not know the reader's password."""

MANIFEST = "kubernetes.yaml"


def connection(file: File) -> dict[str, str]:
    """Give the environment of libpq: what it says already, else what the file says."""
    said = file.values["database"]
    found = {"PGHOST": said["host"], "PGPORT": said["port"], "PGSSLMODE": said["sslmode"]}
    return {name: str(value) for name, value in found.items() if value} | dict(os.environ)


def connect(env: dict[str, str], database: str = "postgres") -> psycopg.Connection:
    """Log in with the settings that such an environment holds."""
    names = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE"}
    given = {name: env[variable] for name, variable in names.items() if env.get(variable)}
    return psycopg.connect(
        **given,  # type: ignore[arg-type]
        dbname=database,
        autocommit=True,
        connect_timeout=10,
    )


def create(file: File, folder: Path) -> Iterator[str]:
    """Make what is lacking, and tell it; passwords are written to files that nobody else reads.

    Raises:
        ProblemError: PostgreSQL refuses.
    """
    env = connection(file)
    if not shutil.which("psql"):
        raise ProblemError("Falta o programa psql, 14 ou mais novo: instale o postgresql-client.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with connect(env) as server:
            for tenant in file.tenants:
                here = folder / tenant.secret
                passwords = {name: kept(here / name) for name in GENERATED}
                found = "select from pg_database where datname = %s"
                made = not server.execute(found, [tenant.database]).rowcount
                if made:
                    server.execute(SQL("create database {}").format(Identifier(tenant.database)))
                give_roles(tenant, env | {"PGUSER": server.info.user}, passwords)
                yield (
                    f"{tenant.subdomain}: banco {tenant.database} "
                    f"({'criado' if made else 'já havia'}), papéis {tenant.user} e {tenant.reader}"
                )
    except psycopg.Error as error:
        raise ProblemError(f"O PostgreSQL recusou: {' '.join(str(error).split())}") from None
    ready = [t for t in file.tenants if all((folder / t.secret / name).exists() for name in GIVEN)]
    write_alone(folder / MANIFEST, manifest(folder, ready))
    for tenant in file.tenants:
        if tenant not in ready:
            files = " e ".join(str(folder / tenant.secret / name) for name in GIVEN)
            yield f"{tenant.subdomain}: faltam as credenciais do Sienge: escreva {files}"
    yield f"{len(ready)} segredos para o Kubernetes em {folder / MANIFEST}"


def kept(path: Path) -> str:
    """Give the password that a file keeps, made if there is no such file."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_alone(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8").rstrip("\r\n")


def write_alone(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def give_roles(tenant: Tenant, env: dict[str, str], passwords: dict[str, str]) -> None:
    """Run the same script that a database of its own container runs.

    Raises:
        ProblemError: It failed.
    """
    names = {
        "POSTGRES_USER": env["PGUSER"],
        "POSTGRES_DB": tenant.database,
        "CARGA_USER": tenant.user,
        "CARGA_PASSWORD": passwords["carga-password"],
        "LEITURA_USER": tenant.reader,
        "LEITURA_PASSWORD": passwords["leitura-password"],
        "ASSISTENTE_USER": f"assistente_{tenant.database}"[:63],
    }
    done = subprocess.run(
        ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={tenant.database}",
         f"--file={ROLES}"],
        env={name: value for name, value in env.items() if name != "POSTGRES_PASSWORD"} | names,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        said = " ".join(done.stderr.split())
        for password in passwords.values():
            said = said.replace(password, "***")
        raise ProblemError(f"{tenant.subdomain}: os papéis não puderam ser criados: {said}")


def manifest(folder: Path, tenants: list[Tenant]) -> str:
    """Give the Secrets as `kubectl apply -f` takes them."""

    def encoded(path: Path) -> str:
        return b64encode(path.read_text(encoding="utf-8").rstrip("\r\n").encode()).decode()

    return yaml.safe_dump_all(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": tenant.secret, "labels": {"app.kubernetes.io/name": "tap-sienge"}},
            "data": {name: encoded(folder / tenant.secret / name) for name in IN_KUBERNETES},
        }
        for tenant in tenants
    )
