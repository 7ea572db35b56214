"""One tenant read on this machine, by the plugins that `make install` installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import uuid4

from sienge_panel.pipeline import commands

from deploy.databases import GIVEN
from deploy.tenants import ProblemError

if TYPE_CHECKING:
    from deploy.tenants import File, Tenant

ROOT = Path(__file__).parent.parent
INSTALLED = ROOT / ".meltano"


def secret(folder: Path, name: str) -> str:
    """Give the content of a file.

    Raises:
        ProblemError: There is none.
    """
    try:
        return (folder / name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ProblemError(f"Não consegui ler o segredo em {error.filename}.") from None


def environment(file: File, tenant: Tenant, secrets: Path, state: Path) -> dict[str, str]:
    """Give the variables for Meltano: those of this process but Airflow's own, and the tenant's."""
    username, password = (secret(secrets, name) for name in GIVEN)
    loading = secret(secrets, "carga-password")
    database = file.values["database"]
    host, port = str(database["host"]), str(database["port"])
    address = f"{quote(tenant.user, safe='')}:{quote(loading, safe='')}@{host}:{port}"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "_AIRFLOW"))}
    return {
        **inherited,
        "PGSSLMODE": str(database["sslmode"]),
        **tenant.env,
        "TAP_SIENGE_SUBDOMAIN": tenant.subdomain,
        "TAP_SIENGE_USERNAME": username,
        "TAP_SIENGE_PASSWORD": password,
        "TAP_SIENGE_QUOTA_DB": str(state / "quota.db"),
        "TARGET_POSTGRES_HOST": host,
        "TARGET_POSTGRES_PORT": port,
        "TARGET_POSTGRES_USER": tenant.user,
        "TARGET_POSTGRES_PASSWORD": loading,
        "TARGET_POSTGRES_DATABASE": tenant.database,
        "DBT_TARGET_PATH": str(state / "dbt"),
        "MELTANO_DATABASE_URI": (
            f"postgresql+psycopg://{address}/{tenant.database}?options=-csearch_path%3Dmeltano"
        ),
        "MELTANO_SYS_DIR_ROOT": str(state / "meltano"),
        "MELTANO_AUTO_INSTALL": "false",
    }


def own_meltano(folder: Path) -> None:
    """Make the folder in which Meltano runs: runs at the same time would share their files."""
    folder.mkdir(parents=True, exist_ok=True)
    for plugins in ("extractors", "loaders", "utilities"):
        link = folder / plugins
        if not link.exists():
            link.symlink_to(INSTALLED / plugins)


def run(file: File, tenant: Tenant, secrets: Path, states: Path, step: str | None) -> int:
    """Read a tenant and build its models, or do one of both; give the first exit code but 0."""
    state = states.resolve() / tenant.name
    env = environment(file, tenant, secrets / tenant.secret, state)
    own_meltano(state / "meltano")
    meltano = ROOT / ".venv" / "bin" / "meltano"
    only = {"SYNC_ONLY": step} if step else {}
    codes = [
        subprocess.run([meltano, *command], cwd=ROOT, env=env, check=False).returncode
        for command in commands(ROOT, env | only, str(uuid4()))
    ]
    return next(filter(None, codes), 0)
