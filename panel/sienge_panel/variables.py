"""Variables of the environment, each of which may be a file, named by its ``…_FILE`` twin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography.fernet import Fernet

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping


def variable(env: Mapping[str, str], name: str) -> str:
    """Give a variable, or the content of the file that its twin names; empty if there is neither.

    Raises:
        ProblemError: The file cannot be read.
    """
    if env.get(name):
        return env[name]
    if not (path := env.get(f"{name}_FILE")):
        return ""
    try:
        return Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise ProblemError(
            f"{name}_FILE: não consegui ler o segredo em {path} ({error})."
        ) from None


def keys(env: Mapping[str, str]) -> list[str]:
    """Give the keys of the stored secrets: the first encrypts, all decrypt.

    Raises:
        ProblemError: There is none, or one is malformed.
    """
    found = variable(env, "PANEL_KEY").replace(",", " ").split()
    try:
        for key in found:
            Fernet(key)
    except ValueError:
        raise ProblemError("PANEL_KEY: cada chave deve vir de `sienge-panel chave`.") from None
    if not found:
        raise ProblemError("Falta PANEL_KEY: crie uma com `sienge-panel chave`.")
    return found


def database(env: Mapping[str, str]) -> str:
    """Give the address of the database that the data are loaded into.

    Raises:
        ProblemError: No variable tells.
    """
    if url := env.get("TARGET_POSTGRES_SQLALCHEMY_URL"):
        return url.replace("postgresql+psycopg://", "postgresql://", 1)
    host, port, user, name = (
        env.get(f"TARGET_POSTGRES_{part}", default)
        for part, default in (("HOST", ""), ("PORT", "5432"), ("USER", ""), ("DATABASE", ""))
    )
    if not host:
        raise ProblemError("Falta o endereço do banco: informe as variáveis TARGET_POSTGRES_….")
    secret = quote(variable(env, "TARGET_POSTGRES_PASSWORD"), safe="")
    return f"postgresql://{quote(user, safe='')}:{secret}@{host}:{port}/{quote(name, safe='')}"
