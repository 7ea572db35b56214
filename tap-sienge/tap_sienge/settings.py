"""The tap's settings, and one clear sentence for each that is missing or malformed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click
from singer_sdk import typing as th
from singer_sdk.typing import DEFAULT_JSONSCHEMA_VALIDATOR, extend_validator_with_defaults

PAGE_SIZE = 200
"""Records a page at most (FACTS: default 100, maximum 200)."""


PER_MINUTE = {"requests_per_minute": 200, "bulk_requests_per_minute": 20}
"""What Sienge itself allows (FACTS); another address, such as a simulator's, may allow more."""

DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d(T|$)")


class SettingsError(click.ClickException):
    """A setting is missing or malformed; click shows the sentence and exits with 1."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401
        """Print the sentence on standard error."""
        click.echo(self.format_message(), err=True, file=file)


def _whole(minimum: int, maximum: int) -> th.CustomType:
    return th.CustomType({"type": "integer", "minimum": minimum, "maximum": maximum})


SETTINGS = th.PropertiesList(
    th.Property(
        "subdomain",
        th.CustomType({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"}),
        required=True,
        title="Subdomínio",
        description="O nome que vem antes de .sienge.com.br no endereço do seu Sienge.",
    ),
    th.Property(
        "username",
        th.CustomType({"type": "string", "minLength": 1}),
        required=True,
        title="Usuário de API",
        description="Usuário de API criado no painel de integrações do Sienge.",
    ),
    th.Property(
        "password",
        th.CustomType({"type": "string", "minLength": 1}),
        required=True,
        secret=True,
        title="Senha de API",
        description="Senha do usuário de API.",
    ),
    th.Property(
        "api_url",
        th.CustomType({"type": "string", "pattern": r"^https?://[^\s@?#]+$"}),
        default="https://api.sienge.com.br/{subdomain}/public/api",
        title="Endereço da API",
        description="Base dos endereços; {subdomain} é trocado pelo subdomínio.",
    ),
    th.Property(
        "start_date",
        th.CustomType({"type": "string", "format": "date"}),
        default="2015-01-01",
        title="Data inicial",
        description="Primeiro dia lido nos recursos que exigem período (títulos, extratos).",
    ),
    th.Property(
        "page_size",
        _whole(1, PAGE_SIZE),
        default=PAGE_SIZE,
        title="Registros por página",
        description="Quantos registros pedir por requisição; a API aceita até 200.",
    ),
    th.Property(
        "max_connections",
        _whole(1, 64),
        default=8,
        title="Conexões simultâneas",
        description="Quantas requisições podem estar em andamento ao mesmo tempo.",
    ),
    th.Property(
        "requests_per_minute",
        _whole(1, 1_000_000),
        default=200,
        title="Requisições REST por minuto",
        description="Limite em qualquer intervalo de 60 segundos; o Sienge permite 200.",
    ),
    th.Property(
        "bulk_requests_per_minute",
        _whole(1, 1_000_000),
        default=20,
        title="Requisições BULK por minuto",
        description="Limite em qualquer intervalo de 60 segundos; o Sienge permite 20.",
    ),
    th.Property(
        "request_timeout",
        _whole(1, 3600),
        default=60,
        title="Tempo limite da requisição",
        description="Segundos sem resposta até tentar de novo.",
    ),
    th.Property(
        "max_retries",
        _whole(0, 20),
        default=5,
        title="Novas tentativas",
        description="Quantas vezes repetir uma requisição que falhou por erro passageiro.",
    ),
    th.Property(
        "user_agent",
        th.CustomType({"type": "string", "minLength": 1}),
        title="User-Agent",
        description="Como o tap se identifica à API; por padrão, nome e versão do programa.",
    ),
    th.Property(
        "lookback_days",
        _whole(0, 3650),
        default=2,
        title="Dias de sobreposição",
        description="Quantos dias antes da última leitura as alterações são pedidas de novo.",
    ),
    th.Property(
        "window_lookback_days",
        _whole(0, 36500),
        default=90,
        title="Dias de períodos relidos",
        description="Quantos dias para trás os recursos lidos por período (títulos, extratos) são "
        "relidos entre duas leituras completas.",
    ),
    th.Property(
        "bulk_mode",
        th.CustomType({"type": "string", "enum": ["auto", "sync", "async"]}),
        default="auto",
        title="Modo BULK",
        description="Como ler os recursos BULK: sync, em uma resposta por ano; async, preparada "
        "pelo Sienge e lida em partes; auto, async só quando o período é longo.",
    ),
    th.Property(
        "parameter_ids",
        th.CustomType({"type": "string", "pattern": r"^\d+(\s*,\s*\d+)*$"}),
        title="Parâmetros do Sienge",
        description="Códigos dos parâmetros a ler no recurso parameters, separados por vírgulas; "
        "a API não os lista.",
    ),
    th.Property(
        "full_refresh_days",
        _whole(1, 3650),
        default=7,
        title="Dias entre leituras completas",
        description="De quantos em quantos dias os recursos incrementais ou lidos por período são "
        "lidos por inteiro, para perceber exclusões.",
    ),
).to_dict()

NAMES = tuple(SETTINGS["properties"])
"""The settings of this tap; the SDK adds its own to ``SETTINGS``."""

EXPECTED = {
    "subdomain": "só o nome que vem antes de .sienge.com.br, como minhaconstrutora, sem pontos nem "
    "endereço",
    "username": "o usuário de API criado no painel de integrações do Sienge",
    "password": "a senha do usuário de API",
    "api_url": "um endereço http(s) sem usuário nem senha, como "
    "https://api.sienge.com.br/{subdomain}/public/api",
    "start_date": "uma data até hoje no formato AAAA-MM-DD, como 2020-01-31",
    "user_agent": "um texto",
    "bulk_mode": "auto, sync ou async",
    "parameter_ids": "códigos separados por vírgulas, como 12,1207",
}


Validator = extend_validator_with_defaults(DEFAULT_JSONSCHEMA_VALIDATOR)


def fill(config: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Complete ``config`` with the defaults of ``schema``; give what does not fit, as sentences.

    An empty optional setting, as ``.env`` files have them, counts as not given.
    """
    for name in NAMES:
        setting = SETTINGS["properties"][name]
        if config.get(name) == "":
            del config[name]
        elif "integer" in setting["type"] and str(config.get(name)).strip().isdigit():
            config[name] = int(config[name])
        elif "string" in setting["type"] and type(config.get(name)) in {int, float}:
            config[name] = str(config[name])  # Meltano reads digits as a number
    errors = [_problem(config, name) for name in NAMES]
    others = Validator(schema).iter_errors(config)
    return [error for error in errors if error] + [
        f"Configuração {error.json_path.removeprefix('$.')}: {error.message}."
        for error in others
        if error.path and error.path[0] not in NAMES
    ]


def _problem(config: dict[str, Any], name: str) -> str | None:
    setting = dict(SETTINGS["properties"][name])
    if name in PER_MINUTE and "sienge.com.br" in str(config.get("api_url", "sienge.com.br")):
        setting["maximum"] = PER_MINUTE[name]
    expected = EXPECTED.get(name) or (
        f"um número inteiro de {setting.get('minimum')} a {setting.get('maximum')}"
    )
    if (value := config.get(name)) is None:
        missing = name in SETTINGS["required"]
        return f"Falta a configuração {name}: informe {expected}." if missing else None
    if _valid(value, setting):
        return None
    given = "" if setting.get("secret") else f", mas veio {value!r}"
    return f"Configuração {name}: esperado {expected}{given}."


def _valid(value: Any, setting: dict[str, Any]) -> bool:  # noqa: ANN401
    if setting.get("format") == "date":
        try:
            day = date.fromisoformat(value[:10])
        except (TypeError, ValueError):
            return False
        return bool(DAY.match(value)) and day <= date.today()
    return bool(DEFAULT_JSONSCHEMA_VALIDATOR(setting).is_valid(value))
