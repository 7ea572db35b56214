"""What the environment says."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


class RefusedError(Exception):
    """What was asked cannot be done; the message says in Portuguese what to do instead."""


def _home() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")


def _password() -> str | None:
    """Give the role's password, of the environment or of a file that it names.

    Raises:
        RefusedError: The file cannot be read.
    """
    if not (file := os.environ.get("ASSISTENTE_PASSWORD_FILE")):
        return os.environ.get("ASSISTENTE_PASSWORD") or None
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError):
        raise RefusedError(f"ASSISTENTE_PASSWORD_FILE: {file} não pôde ser lido.") from None


@dataclass(frozen=True)
class Settings:
    """The database, the limits of an answer, and where tokens and the log are kept."""

    database: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    """The role's, where the address has none."""
    rows: int = 1000
    """Rows of an answer, at most."""
    bytes: int = 200_000
    """Bytes of an answer's rows as JSON, at most."""
    cost: float = 2_000_000
    """What PostgreSQL may estimate a query to cost."""
    seconds: float = 20
    tokens: Path = field(default_factory=lambda: _home() / "sienge-mcp" / "fichas.json")
    log: Path = field(default_factory=lambda: _home() / "sienge-mcp" / "chamadas.jsonl")
    host: str = "127.0.0.1"
    port: int = 8765
    hosts: tuple[str, ...] = ()
    """Names by which a proxy calls the server."""

    @classmethod
    def read(cls, *, database: bool = True) -> Settings:
        """Read them; what needs no database may have none.

        Raises:
            RefusedError: One is missing or makes no sense.
        """
        kinds = {"rows": int, "bytes": int, "cost": float, "seconds": float, "port": int}
        names = {
            "database": "DATABASE", "rows": "LINHAS", "bytes": "BYTES", "cost": "CUSTO",
            "seconds": "SEGUNDOS", "tokens": "FICHAS", "log": "REGISTRO", "host": "HOST",
            "port": "PORT",
        }  # fmt: skip
        found: dict[str, object] = {}
        for name, variable in names.items():
            if not (text := os.environ.get(f"ASSISTENTE_{variable}", "")):
                continue
            try:
                found[name] = (
                    Path(text) if name in {"tokens", "log"} else kinds.get(name, str)(text)
                )
            except ValueError:
                raise RefusedError(f"ASSISTENTE_{variable} deve ser um número.") from None
        if "database" not in found and not database:
            found["database"] = ""
        if "database" not in found:
            raise RefusedError(
                "Falta ASSISTENTE_DATABASE: o endereço do banco, com o papel assistente, como "
                "postgresql://assistente:senha@servidor:5432/sienge."
            )
        found["password"] = _password()
        hosts = os.environ.get("ASSISTENTE_NOMES", "")
        found["hosts"] = tuple(filter(None, hosts.replace(" ", "").split(",")))
        return cls(**found)  # type: ignore[arg-type]
