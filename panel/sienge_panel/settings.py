"""What the environment says; each variable may instead be a file, named by its ``…_FILE`` twin."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from cryptography.fernet import Fernet, MultiFernet

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST, FEWEST = 12, 6
"""Characters of a password, and different ones among them."""

OBVIOUS = ("senha", "sienge", "password", "12345", "qwerty", "admin", "painel")

OWN = ("PANEL_", "LEITURA_", "POSTGRES_")
"""Variables that no process started by the panel needs to know."""

HOME = ("localhost", "127.0.0.1", "::1")
"""Names of this machine, to which the panel answers besides those of PANEL_URL and PANEL_HOSTS."""


PACKAGED = Path(__file__).parent / "web"
WEB = PACKAGED if PACKAGED.exists() else Path(__file__).parent.parent / "web" / "out"
"""Where `make panel` leaves the page."""

DOCS = Path(".meltano", "run", "dbt-target", "static_index.html")
"""Where `dbt docs` leaves its own, in the project."""


class ProblemError(Exception):
    """Something that the user should read, in one sentence."""


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
        raise ProblemError(f"{name}_FILE: não consegui ler {path} ({error}).") from None


def password(env: Mapping[str, str]) -> str:
    """Give the panel's password, which must not be easy to guess, or its argon2 hash.

    Raises:
        ProblemError: There is none, or a weak one.
    """
    given = variable(env, "PANEL_PASSWORD")
    if not given:
        raise ProblemError("Falta PANEL_PASSWORD: escolha a senha do painel.")
    if given.startswith("$argon2"):
        return given
    obvious = [word for word in OBVIOUS if word in given.lower()]
    if len(given) < SHORTEST or len(set(given)) < FEWEST or obvious:
        raise ProblemError(
            f"PANEL_PASSWORD é fraca: use {SHORTEST} caracteres ou mais, {FEWEST} deles "
            f"diferentes, e nada óbvio como {obvious[0] if obvious else 'senha'}."
        )
    return given


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


def origins(env: Mapping[str, str]) -> tuple[str, ...]:
    """Give the public addresses of the panel, as a browser tells where a page is from.

    Raises:
        ProblemError: One is none.
    """
    return tuple(_origin(given) for given in _listed(env, "PANEL_URL"))


def _origin(given: str) -> str:
    try:
        parts = urlsplit(given)
        name, port = parts.hostname or "", parts.port
        usual = {"http": 80, "https": 443}[parts.scheme if name else ""]
    except (KeyError, ValueError):
        raise ProblemError(
            "PANEL_URL: esperado o endereço com que o navegador abre o painel, como "
            f"https://sienge.minhaconstrutora.com.br, mas veio {given}."
        ) from None
    if parts.path.strip("/"):
        raise ProblemError(
            f"PANEL_URL: o painel precisa de um nome só seu, e {given} é uma pasta de outro; crie "
            f"um nome como painel.{name} e aponte-o ao proxy."
        )
    place = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{place}" + (f":{port}" if port and port != usual else "")


def proxies(env: Mapping[str, str]) -> list[str]:
    """Give the networks of the proxies whose word counts on who asks.

    Raises:
        ProblemError: One is none; if all counted, guesses of the password would cost no wait.
    """
    given = _listed(env, "PANEL_PROXY")
    try:
        return [str(ip_network(address, strict=False)) for address in given]
    except ValueError:
        raise ProblemError(
            "PANEL_PROXY: esperado o endereço IP do proxy, ou a sua rede, como 172.16.0.0/12, mas "
            f"veio {', '.join(given)}."
        ) from None


def _listed(env: Mapping[str, str], name: str) -> list[str]:
    return env.get(name, "").replace(",", " ").split()


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


@dataclass(frozen=True)
class Settings:
    """What the panel knows when it starts."""

    database: str
    keys: tuple[str, ...]
    env: dict[str, str]
    """The environment for Meltano, without what is the panel's own."""
    hosts: tuple[str, ...] = HOME
    origins: tuple[str, ...] = ()
    """The public addresses of the panel, where a proxy does not pass on the name it is called."""
    project: Path = Path()
    logs: Path = Path()
    web: Path = Path()
    """The page's files, if they were built."""
    docs: Path = Path()
    """What `dbt docs` wrote, if it ran."""
    metrics_token: str = ""
    last: Path = Path()
    """Where the scheduler notes how its last run ended."""
    lock: Path = Path()
    """Held by whoever runs Meltano, also by the scheduler."""

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Settings:
        """Take them from the environment."""
        project = Path(env.get("MELTANO_PROJECT_ROOT") or ".").resolve()
        logs = Path(env.get("PANEL_LOGS") or project / ".meltano" / "painel")
        public = origins(env)
        return cls(
            database=database(env),
            keys=tuple(keys(env)),
            env={name: value for name, value in env.items() if not name.startswith(OWN)},
            hosts=(
                *HOME,
                *_listed(env, "PANEL_HOSTS"),
                *(str(urlsplit(u).hostname) for u in public),
            ),
            origins=public,
            project=project,
            web=Path(env.get("PANEL_WEB") or WEB),
            metrics_token=variable(env, "PANEL_METRICS_TOKEN"),
            logs=logs,
            last=Path(env.get("PANEL_LAST") or logs / "ultima.json"),
            lock=Path(env.get("PANEL_LOCK") or logs / "lock"),
            docs=Path(env.get("PANEL_DOCS") or project / DOCS),
        )

    @property
    def fernet(self) -> MultiFernet:
        """What encrypts and decrypts the stored secrets."""
        return MultiFernet([Fernet(key) for key in self.keys])

    @property
    def default_schema(self) -> str:
        """The schema of the loaded tables."""
        return self.env.get("TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA") or "sienge"

    @property
    def meltano(self) -> list[str]:
        """How Meltano is called: the one installed beside this Python, if there is one."""
        beside = Path(sys.executable).parent / "meltano"
        return [str(beside) if beside.exists() else "meltano"]
