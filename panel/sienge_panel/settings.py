"""What the environment says; each variable may instead be a file, named by its ``…_FILE`` twin."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, MultiFernet
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from sienge_panel.addresses import HOME, each_origin, hooks_origin, networks
from sienge_panel.problem import ProblemError
from sienge_panel.variables import database, keys, variable

OWNER, READER = "dono", "leitor"
PASSWORDS = {OWNER: "PANEL_PASSWORD", READER: "PANEL_READER_PASSWORD"}
"""Who may come in: the owner may do everything, a reader may only look."""

OWN = ("PANEL_", "LEITURA_", "POSTGRES_")
"""Variables that no process started by the panel needs to know."""

PACKAGED = Path(__file__).parent / "web"
WEB = PACKAGED if PACKAGED.exists() else Path(__file__).parent.parent / "web" / "out"
"""Where `make panel` leaves the page."""

DOCS = Path(".meltano", "run", "dbt-target", "static_index.html")
"""Where `dbt docs` leaves its own, in the project."""


def _assistant(name: str) -> Path:
    """Give where the assistants' server keeps a file, if nothing tells it."""
    kept = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(kept, "sienge-mcp", name)


Split = BeforeValidator(lambda given: given.replace(",", " ").split())
Names = Annotated[tuple[str, ...], Split]
Port = Annotated[int, Field(ge=1, le=65535)]
PORT = "um número de 1 a 65535"


class Given(PydanticBaseSettingsSource):
    """The variables of one environment, or the files that their twins name."""

    def __init__(self, settings: type[BaseSettings], env: Mapping[str, str]) -> None:
        """Take it."""
        super().__init__(settings)
        self._env = env

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str, str, bool]:
        name = field.alias or field_name
        return variable(self._env, name), name, False

    @override
    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields.items()
        found = [self.get_field_value(field, name) for name, field in fields if field.alias]
        return {name: value for value, name, _ in found if value}


class Settings(BaseSettings):
    """What the panel knows when it starts, each field from the variable that it names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=False)

    env: dict[str, str] = Field(repr=False)
    """The environment for Meltano, without what is the panel's own."""
    database: str = Field(repr=False)
    keys: Names = Field(alias="PANEL_KEY", repr=False)
    names: Names = Field((), alias="PANEL_HOSTS")
    origins: Annotated[tuple[str, ...], AfterValidator(each_origin), Split] = Field(
        (), alias="PANEL_URL"
    )
    """The public addresses of the panel, where a proxy does not pass on the name it is called."""
    proxies: Annotated[
        tuple[str, ...], AfterValidator(networks("PANEL_PROXY", "do proxy")), Split
    ] = Field((), alias="PANEL_PROXY")
    """Whose word counts on who asks; if everybody's did, guesses would cost no wait."""
    alerts_private: Annotated[
        tuple[str, ...],
        AfterValidator(networks("PANEL_ALERTS_PRIVATE", "de quem recebe os alertas")),
        Split,
    ] = Field((), alias="PANEL_ALERTS_PRIVATE")
    """The company's own networks that alerts may reach."""
    host: str = Field("127.0.0.1", alias="PANEL_HOST")
    port: Port = Field(3000, alias="PANEL_PORT", description=PORT)
    project: Annotated[Path, AfterValidator(Path.resolve)] = Field(
        Path(), alias="MELTANO_PROJECT_ROOT", validate_default=True
    )
    logs: Path = Field(
        default_factory=lambda known: known["project"] / ".meltano" / "painel", alias="PANEL_LOGS"
    )
    web: Path = Field(WEB, alias="PANEL_WEB")
    """The page's files, if they were built."""
    docs: Path = Field(default_factory=lambda known: known["project"] / DOCS, alias="PANEL_DOCS")
    """What `dbt docs` wrote, if it ran."""
    last: Path = Field(
        default_factory=lambda known: known["logs"] / "ultima.json", alias="PANEL_LAST"
    )
    """Where the scheduler notes how its last run ended."""
    lock: Path = Field(default_factory=lambda known: known["logs"] / "lock", alias="PANEL_LOCK")
    """Held by whoever runs Meltano, also by the scheduler."""
    metrics_token: str = Field("", alias="PANEL_METRICS_TOKEN", repr=False)
    hooks_host: str = Field("127.0.0.1", alias="PANEL_HOOKS_HOST")
    hooks_port: Port = Field(3001, alias="PANEL_HOOKS_PORT", description=PORT)
    """Where the receiver of Sienge's events listens, once `sienge-panel ganchos` starts it."""
    hooks_url: Annotated[str, AfterValidator(hooks_origin)] = Field("", alias="PANEL_HOOKS_URL")
    """The public address that leads to it."""
    hooks_seconds: Annotated[float, Field(ge=0, le=600)] = Field(
        3, alias="PANEL_HOOKS_SECONDS", description="um número de 0 a 600"
    )
    """How long an event waits for others of the same objects."""
    hooks_models: bool = Field(
        False,
        alias="PANEL_HOOKS_MODELS",
        description="true ou false",
    )
    """Whether the models are made, too, of what events bring."""
    assistant_tokens: Path = Field(
        default_factory=lambda: _assistant("fichas.json"), alias="ASSISTENTE_FICHAS"
    )
    assistant_log: Path = Field(
        default_factory=lambda: _assistant("chamadas.jsonl"), alias="ASSISTENTE_REGISTRO"
    )
    """What the assistants' server keeps, where it does."""
    bi_host: str = Field("", alias="BI_HOST")
    bi_port: Port | None = Field(None, alias="BI_PORT", description=PORT)
    reader: str = Field("leitura", alias="LEITURA_USER")
    reader_password: str = Field("", alias="LEITURA_PASSWORD", repr=False)

    def __init__(self, env: Mapping[str, str]) -> None:
        """Take them from an environment; ``read`` tells what is wrong in a sentence."""
        own = {name: value for name, value in env.items() if not name.startswith(OWN)}
        super().__init__(given=env, env=own, database=database(env))

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, Given(settings_cls, init_settings()["given"])

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Settings:
        """Take them from an environment.

        Raises:
            ProblemError: A variable is missing or malformed.
        """
        keys(env)
        try:
            return cls(env)
        except ValidationError as error:
            problem = error.errors()[0]
            name = str(problem["loc"][0])
            field = next(f for f in cls.model_fields.values() if f.alias == name)
            raise ProblemError(
                f"{name}: esperado {field.description}, mas veio {problem['input']}."
            ) from None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names to which the panel answers."""
        return (
            *HOME,
            *self.names,
            *(str(urlsplit(url).hostname) for url in self.origins),
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
