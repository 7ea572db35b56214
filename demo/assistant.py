"""The role of assistants in the demonstration's database, by the script that containers run."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from demo.postgres import Postgres

SCRIPT = Path(__file__).resolve().parent.parent / "docker" / "db" / "assistente.sql"


def role(server: Postgres) -> str:
    """Make the role, or make it again as it was; give the address with which it connects."""
    kept = server.home / "assistente"
    if not kept.exists():
        kept.touch(0o600)
        kept.write_text(secrets.token_hex(12))
    password = kept.read_text()
    place = urlsplit(server.url)
    database = place.path[1:]
    names = {"POSTGRES_DB": database, "ASSISTENTE_PASSWORD": password}
    subprocess.run(
        [server.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", f"--file={SCRIPT}", server.url],
        env={"PATH": os.defpath} | names,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return f"postgresql://assistente:{password}@{place.hostname}:{place.port}/{database}"
